namespace Functional.Core

open System
open System.Buffers.Binary
open System.IO
open System.IO.Compression
open System.Security.Cryptography

/// Arithmetic on sizes that a file claims.
[<RequireQualifiedAccess>]
module Sizes =
    /// A deflate stream expands at most 1032-fold: 258 bytes from two bits.
    let deflateExpansion = 1032L

    /// The product of `sizes` when it is at most `limit`; None when it is larger, overflows, or a size is negative.
    let tryProduct (limit: int64) (sizes: int64[]) =
        let multiply product size =
            match product with
            | Some p when size >= 0L && (size = 0L || p <= limit / size) -> Some(p * size)
            | _ -> None

        if Array.contains 0L sizes && Array.forall (fun s -> s >= 0L) sizes then
            Some 0L
        else
            Array.fold multiply (Some 1L) sizes

/// Decompresses one gzip member. The runtime's stream ends quietly where a member is cut off and skips whatever follows a whole
/// one, so the end is compared with the length that the file's last four bytes state (RFC 1952: ISIZE, modulo 2³²).
[<Sealed>]
type private GzipReader(name: string, packed: Stream) =
    inherit Stream()

    let stated =
        let tail = Array.zeroCreate<byte> 4
        packed.Seek(-4L, SeekOrigin.End) |> ignore
        packed.ReadExactly tail
        packed.Position <- 0L
        BinaryPrimitives.ReadUInt32LittleEndian tail

    let inner = new GZipStream(packed, CompressionMode.Decompress)
    let mutable position = 0L

    override _.Read(buffer: byte[], offset: int, count: int) =
        let read =
            try
                inner.Read(buffer, offset, count)
            with :? InvalidDataException ->
                Errors.data
                    name
                    $"byte {position} (unzipped)"
                    "data that does not decompress"
                    "an undamaged gzip file"
                    "fetch the file again"

        position <- position + int64 read

        if read = 0 && count > 0 && uint32 position <> stated then
            Errors.data
                name
                $"byte {position} (unzipped)"
                "the end of the compressed data"
                $"{stated} bytes as the gzip file's end says"
                "it is cut off or has extra bytes: fetch the file again"

        read

    override _.CanRead = true
    override _.CanSeek = false
    override _.CanWrite = false
    override _.Length = raise (NotSupportedException())

    override _.Position
        with get () = position
        and set _ = raise (NotSupportedException())

    override _.Flush() = ()
    override _.Seek(_, _) = raise (NotSupportedException())
    override _.SetLength _ = raise (NotSupportedException())
    override _.Write(_: byte[], _: int, _: int) = raise (NotSupportedException())

    override _.Dispose disposing =
        if disposing then
            inner.Dispose()

/// The bytes of one file from first to last, unzipped when it is gzipped (told by the magic bytes). No reader allocates what a header
/// claims before the file proved that it can hold as much.
[<Sealed>]
type Input private (name: string, raw: Stream, mayBeGzipped: bool) =
    // What may be allocated for a gzipped file before that many bytes really came out of it.
    static let advance = 8L

    let startsAsGzip () =
        let magic = Array.zeroCreate<byte> 2
        let read = raw.ReadAtLeast(magic, 2, false)
        raw.Position <- 0L
        read = 2 && magic[0] = 0x1Fuy && magic[1] = 0x8Buy && raw.Length >= 18L

    let gzipped = mayBeGzipped && startsAsGzip ()
    let content: Stream = if gzipped then new GzipReader(name, raw) else raw

    let limit =
        if gzipped then
            raw.Length * Sizes.deflateExpansion
        else
            raw.Length

    let mutable position = 0L

    static member private OpenAs(path: string, mayBeGzipped) =
        if Directory.Exists path then
            raise (FileNotFoundException($"{path} is a folder, expected a file.", path))

        if not (File.Exists path) then
            raise (FileNotFoundException($"{path} does not exist.", path))

        new Input(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), mayBeGzipped)

    /// Opens a file, to be unzipped when it is gzipped. Errors: `FileNotFoundException` when there is no such file.
    static member Open(path: string) = Input.OpenAs(path, true)

    /// Opens a file of a format that is never gzipped, and whose first bytes may look as if it were. Errors: as `Open`.
    static member OpenStored(path: string) = Input.OpenAs(path, false)

    /// Bytes in memory, under the name that messages use, to be unzipped when they are gzipped.
    static member OfBytes(name: string, bytes: byte[]) =
        new Input(name, new MemoryStream(bytes, false), true)

    /// Bytes in memory as they are.
    static member OfStoredBytes(name: string, bytes: byte[]) =
        new Input(name, new MemoryStream(bytes, false), false)

    /// The file's name, for messages.
    member _.Name = name

    /// The unzipped bytes, for readers of text. Do not mix with `Take`.
    member _.Content = content

    /// Unzipped bytes read so far.
    member _.Position = position

    /// The most unzipped bytes that can still follow: exact for a plain file, a bound for a gzipped one.
    member _.Remaining = limit - position

    /// Refuses the file at the present byte: what was `found`, what was `expected`.
    member _.Refuse(found: string, expected: string) : 'a =
        Errors.data name $"byte {position}" found expected ""

    /// The next `count` bytes, all of them. Errors: data, when the file has fewer.
    member input.Take(count: int64, what: string) : byte[] =
        let short (available: int64) =
            input.Refuse($"a file with {available} bytes left", $"{count} bytes of {what}")

        if count < 0L || count > input.Remaining then
            short input.Remaining

        if count > int64 Array.MaxLength then
            input.Refuse($"{count} bytes of {what}", $"at most {Array.MaxLength}")

        let justified =
            if gzipped then
                min count (65536L + advance * raw.Length)
            else
                count

        let mutable bytes = Array.zeroCreate<byte>(int justified)
        let mutable filled = content.ReadAtLeast(bytes, bytes.Length, false)

        while filled = bytes.Length && int64 filled < count do
            Array.Resize(&bytes, int (min count (2L * int64 filled)))
            filled <- filled + content.ReadAtLeast(bytes.AsSpan filled, bytes.Length - filled, false)

        if int64 filled < count then
            short (int64 filled)

        position <- position + count
        bytes

    /// Checks that nothing follows.
    member input.End() =
        if content.ReadByte() >= 0 then
            input.Refuse("more bytes", "the end of the file")

    /// SHA-256 of the files as they are stored, one after the other, as 64 hexadecimal digits.
    static member Sha256(inputs: Input list) =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256
        let buffer = Array.zeroCreate<byte> 65536

        for input in inputs do
            input.AppendTo(hash, buffer)

        Convert.ToHexStringLower(hash.GetHashAndReset())

    member private _.AppendTo(hash: IncrementalHash, buffer: byte[]) =
        let here = raw.Position
        raw.Position <- 0L
        let mutable read = raw.Read(buffer, 0, buffer.Length)

        while read > 0 do
            hash.AppendData(buffer, 0, read)
            read <- raw.Read(buffer, 0, buffer.Length)

        raw.Position <- here

    interface IDisposable with
        member _.Dispose() =
            content.Dispose()
            raw.Dispose()

/// What a message quotes of a file.
[<RequireQualifiedAccess>]
module Excerpt =
    /// The text in quotes, cut after 40 characters; what can not be printed becomes a question mark.
    let quote (text: string) =
        let printable = text |> String.map (fun c -> if Char.IsControl c then '?' else c)

        if printable.Length <= 40 then
            $"'{printable}'"
        else
            $"'{printable.Substring(0, 40)}...'"
