namespace Functional.Core

open System
open System.IO
open System.IO.Compression

/// One array of an npz file, and NumPy's name of the element type that it had there, such as |u1 for grey levels.
type NpzEntry = { Array: NamedArray; Descr: string }

/// NumPy's archives: a zip file with an npy file for each array. What is written here opens with `numpy.load`.
[<RequireQualifiedAccess>]
module Npz =
    let private suffix = ".npy"

    /// The entry's bytes, when they are as many as it says and have the check word that it says.
    let private content (input: Input) (fileLength: int64) (entry: ZipArchiveEntry) =
        let refuse found expected =
            Errors.data input.Name $"entry {Excerpt.quote entry.FullName}" found expected ""

        let room = Sizes.deflateExpansion * min fileLength entry.CompressedLength

        if entry.Length > room || entry.Length > int64 Array.MaxLength then
            refuse
                $"a claim of {entry.Length} bytes in {entry.CompressedLength} compressed ones"
                $"at most {min room (int64 Array.MaxLength)}"

        use stream = entry.Open()
        use bytes = new MemoryStream()
        let piece = Array.zeroCreate<byte>(int (min 65536L (entry.Length + 1L)))
        let mutable read = stream.Read(piece, 0, piece.Length)

        while read > 0 && bytes.Length <= entry.Length do
            bytes.Write(piece, 0, read)
            read <- stream.Read(piece, 0, piece.Length)

        if bytes.Length <> entry.Length then
            refuse "another length" $"{entry.Length} bytes, as it says"

        let bytes = bytes.ToArray()

        if Crc32.compute (ReadOnlySpan bytes) <> entry.Crc32 then
            refuse "damaged bytes" $"bytes with the check word {entry.Crc32:x8}"

        bytes

    let private entry (input: Input) fileLength (entry: ZipArchiveEntry) =
        if not (entry.FullName.EndsWith(suffix, StringComparison.Ordinal)) then
            Errors.data input.Name "" $"the entry {Excerpt.quote entry.FullName}" $"entries that end in {suffix}" ""

        use content =
            Input.OfStoredBytes($"{input.Name}, entry {Excerpt.quote entry.FullName}", content input fileLength entry)

        let array, descr =
            Npy.parse (entry.FullName.Substring(0, entry.FullName.Length - suffix.Length)) content

        { Array = array; Descr = descr }

    /// The arrays that `input` (stored, not gzipped) holds, in the file's order. Errors: data, when the archive or one of its arrays is
    /// damaged, claims more than the file can hold, or a name appears twice.
    let parse (input: Input) : NpzEntry[] =
        let length = input.Remaining

        let damaged (error: exn) =
            Errors.data input.Name "" $"a zip archive that can not be read ({error.Message.TrimEnd '.'})" "an npz file" ""

        try
            use archive = new ZipArchive(input.Content, ZipArchiveMode.Read, true)
            let entries = Seq.toArray archive.Entries
            let names = entries |> Array.countBy (fun entry -> entry.FullName)

            match names |> Array.tryFind (fun (_, count) -> count > 1) with
            | Some(name, _) -> Errors.data input.Name "" $"two entries {Excerpt.quote name}" "different names" ""
            | None -> entries |> Array.map (entry input length)
        with
        // The runtime's reader of zip files reports damage in several ways.
        | :? InvalidDataException as error when not (error.Message.StartsWith(input.Name, StringComparison.Ordinal)) -> damaged error
        | :? EndOfStreamException
        | :? NotSupportedException
        | :? ArgumentException
        | :? OverflowException as error -> damaged error

    /// Reads a file. Errors: `FileNotFoundException`; data as `parse`.
    let read (path: string) =
        use input = Input.OpenStored path
        parse input

    /// Writes the arrays to `stream`, which can seek. Equal arrays give equal bytes: entries carry no clock time.
    let encode (arrays: NamedArray seq) (stream: Stream) =
        use archive = new ZipArchive(stream, ZipArchiveMode.Create, true)

        for array in arrays do
            let entry = archive.CreateEntry(array.Name + suffix, CompressionLevel.NoCompression)
            entry.LastWriteTime <- DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero)
            use content = entry.Open()
            content.Write(ReadOnlySpan(Npy.encode array))

    /// Writes a file, atomically.
    let write (path: string) (arrays: NamedArray seq) = Output.atomically path (encode arrays)
