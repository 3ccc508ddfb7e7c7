namespace Functional.Core

open System.Reflection

/// The printable characters of ASCII as small grey pictures, for words in pictures. `scripts/render-glyphs.sh` drew them.
[<RequireQualifiedAccess>]
module Glyphs =
    /// Columns of a character.
    [<Literal>]
    let Width = 7

    /// Rows of a character.
    [<Literal>]
    let Height = 13

    let private sheet =
        lazy
            (let assembly = Assembly.GetExecutingAssembly()
             use stream = assembly.GetManifestResourceStream "glyphs.idx.gz" |> nonNull
             let bytes = Array.zeroCreate<byte>(int stream.Length)
             stream.ReadExactly(bytes, 0, bytes.Length)
             use input = Input.OfBytes("glyphs.idx.gz", bytes)
             Idx.parse input |> Idx.toFloat32)

    /// The ink of one pixel of a character, 0 to 1; characters outside of ASCII look like a question mark.
    let private ink (character: char) y x =
        let known =
            if character >= ' ' && character <= '~' then
                character
            else
                '?'

        sheet.Value[((int known - int ' ') * Height + y) * Width + x]

    /// A line of text as a grey picture, Height by Width · length: black on a `ground` of 0 to 255. No text is a picture of one column.
    let text (ground: byte) (line: string) : Picture =
        let width = max 1 (Width * line.Length)

        let pixel i =
            let y, x = i / width, i % width

            if x / Width < line.Length then
                byte (round (float32 ground * (1.0f - ink line[x / Width] y (x % Width))))
            else
                ground

        {
            Width = width
            Height = Height
            Channels = 1
            Pixels = Array.init (width * Height) pixel
        }
