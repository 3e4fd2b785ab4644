// TextBody: a plain letter as text nodes and links; quoted text is folded to one line.

import { useState } from 'preact/hooks';
import { useWords } from '../parts/speech.tsx';
import { textBlocks, textPieces, type TextBlock } from './text-blocks.ts';

function Pieces({ text }: { readonly text: string }) {
  return (
    <>
      {textPieces(text).map((piece, index) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}

function Quoted({ block }: { readonly block: TextBlock }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="quote-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? words.letter.hideQuoted : words.letter.showQuoted}
      </button>
      {open ? (
        <blockquote class="text-quote">
          <Pieces text={block.text.replaceAll(/^> ?/gm, '')} />
        </blockquote>
      ) : null}
    </>
  );
}

export function TextBody({ plainText }: { readonly plainText: string }) {
  const words = useWords();
  const blocks = textBlocks(plainText);
  if (blocks.length === 0) return <p class="letter-none">{words.letter.noText}</p>;
  return (
    <div class="text-body">
      {blocks.map((block, index) =>
        block.quoted ? (
          <Quoted key={index} block={block} />
        ) : (
          <p key={index}>
            <Pieces text={block.text} />
          </p>
        ),
      )}
    </div>
  );
}
