// Who may do what in the database: a reader, the program, the tool that changes tables, and a role for base copies.

/** initdb's superuser. Nobody signs in as it: see docs/guide/break-glass.md. */
export const SUPERUSER = 'siegel';

export const roles = {
  /** SELECT, and nothing else. */
  reader: 'siegel_reader',
  /** The program: rows in, changed, out; no TRUNCATE, no tables made or changed, no trigger switched off. */
  app: 'siegel_app',
  /** The tool: owns the tables; changes them with an approval only. amcheck and CHECKPOINT too. */
  owner: 'siegel_owner',
  /** Base copies: BASE_BACKUP over a replication connection, which takes no SQL. */
  copier: 'siegel_copier',
} as const;

/**
 * Only who enters the 0700 folder of the socket comes here at all. The copier's right to write files on the server is as much
 * as a superuser has, so it gets a connection on which no SQL can be spoken.
 */
export const HBA_LINES = [
  `local all ${SUPERUSER} reject`,
  `local replication ${roles.copier} trust`,
  `local all ${roles.reader},${roles.app},${roles.owner} trust`,
  'local all all reject',
  '',
];

const ROWS = 'SELECT, INSERT, UPDATE, DELETE';

/** A role that is there already, or that another database of the same cluster makes at the same moment, is fine. */
function createRoles(words: string): string {
  const creates = Object.values(roles).map(
    (name) => `
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') THEN CREATE ROLE ${name} ${words}; END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;`,
  );
  return `DO $$ BEGIN${creates.join('')}\nEND $$;\n`;
}

/** Rights in this database; tables that are there already (of the version before, without roles) change hands. */
const RIGHTS = `
CREATE SCHEMA IF NOT EXISTS attic AUTHORIZATION ${roles.owner};
GRANT USAGE ON SCHEMA public TO ${roles.reader}, ${roles.app};
GRANT USAGE, CREATE ON SCHEMA public TO ${roles.owner};
ALTER DEFAULT PRIVILEGES FOR ROLE ${roles.owner} IN SCHEMA public GRANT SELECT ON TABLES TO ${roles.reader};
ALTER DEFAULT PRIVILEGES FOR ROLE ${roles.owner} IN SCHEMA public GRANT ${ROWS} ON TABLES TO ${roles.app};
GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${roles.reader};
GRANT ${ROWS} ON ALL TABLES IN SCHEMA public TO ${roles.app};
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT c.oid::regclass AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relowner <> '${roles.owner}'::regrole
  LOOP EXECUTE format('ALTER TABLE %s OWNER TO ${roles.owner}', one.name); END LOOP;
  IF NOT has_schema_privilege('${roles.owner}', 'public', 'CREATE') THEN
    RAISE EXCEPTION 'the owner may not make tables' USING ERRCODE = '42501';
  END IF;
END $$;
GRANT USAGE ON SCHEMA siegel_guard TO ${roles.reader}, ${roles.app}, ${roles.owner};
GRANT SELECT ON siegel_guard.approval, siegel_guard.installed, siegel_guard.broken_glass TO ${roles.reader}, ${roles.app}, ${roles.owner};
GRANT INSERT ON siegel_guard.approval TO ${roles.owner};
GRANT UPDATE (told) ON siegel_guard.broken_glass TO ${roles.owner};
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA siegel_guard FROM PUBLIC;
GRANT EXECUTE ON FUNCTION siegel_guard.vouch(integer, bigint, uuid, bigint) TO ${roles.app}, ${roles.owner};
GRANT EXECUTE ON FUNCTION siegel_guard.count_deleted(), siegel_guard.count_deleted_of_house(), siegel_guard.count_rekeyed(),
  siegel_guard.refuse_unapproved(), siegel_guard.refuse_return() TO ${roles.owner};
`;

/** In a cluster of ours: roles sign in, the superuser does not, and nobody has temporary tables. */
export const ownClusterRolesSql = `
${createRoles('LOGIN')}
ALTER ROLE ${roles.copier} REPLICATION;
GRANT pg_write_server_files, pg_checkpoint TO ${roles.copier};
GRANT pg_checkpoint TO ${roles.owner};
ALTER ROLE ${SUPERUSER} NOLOGIN PASSWORD NULL;
REVOKE ALL ON DATABASE ${SUPERUSER} FROM PUBLIC;
GRANT CONNECT ON DATABASE ${SUPERUSER} TO ${roles.reader}, ${roles.app}, ${roles.owner};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
${RIGHTS}
CREATE EXTENSION IF NOT EXISTS amcheck;
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass
    JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass WHERE e.extname = 'amcheck'
  LOOP EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ${roles.owner}', one.name); END LOOP;
END $$;
`;

/** In a database of the operator's own: the program signs in as before and becomes one of these. */
export const externalRolesSql = `
${createRoles('NOLOGIN')}
GRANT ${roles.reader}, ${roles.app}, ${roles.owner} TO CURRENT_USER;
${RIGHTS}
`;
