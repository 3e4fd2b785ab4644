-- The receipt of a work of the room for documents is asked for by its number alone, by anybody: it must not cost a walk through the book.
-- Global tables: none new. Every key starts with account_id.

CREATE INDEX receipt_erased ON receipt (account_id, substring(facts from '"job":"([a-z2-7]{26})"'))
WHERE kind = 'documents-erased';
