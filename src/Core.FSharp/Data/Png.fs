namespace Functional.Core

open System
open System.Buffers.Binary
open System.IO
open System.IO.Compression
open System.Text

/// An 8-bit picture: Channels is 1 (grey) or 3 (red, green, blue); pixels row by row, channels of a pixel together.
type Picture =
    {
        Width: int
        Height: int
        Channels: int
        Pixels: byte[]
    }

/// Portable Network Graphics (W3C recommendation, third edition): 8-bit grey and RGB, not interlaced.
[<RequireQualifiedAccess>]
module Png =
    let private signature =
        [| 0x89uy; 0x50uy; 0x4Euy; 0x47uy; 0x0Duy; 0x0Auy; 0x1Auy; 0x0Auy |]

    let private bigEndian (value: uint32) =
        let bytes = Array.zeroCreate<byte> 4
        BinaryPrimitives.WriteUInt32BigEndian(Span bytes, value)
        bytes

    let private chunk (kind: string) (data: byte[]) =
        let body = Array.append (Encoding.ASCII.GetBytes kind) data

        Array.concat
            [
                bigEndian (uint32 data.Length)
                body
                bigEndian (Crc32.compute (ReadOnlySpan body))
            ]

    let private verify (picture: Picture) =
        if
            (picture.Channels <> 1 && picture.Channels <> 3)
            || picture.Width < 1
            || picture.Height < 1
        then
            Errors.shape
                "Png"
                $"{picture.Width} by {picture.Height} pixels of {picture.Channels} channels"
                "one pixel or more of 1 or 3 channels"
                ""

        if picture.Pixels.Length <> picture.Width * picture.Height * picture.Channels then
            Errors.shape "Png" $"{picture.Pixels.Length} bytes" $"{picture.Width} x {picture.Height} x {picture.Channels}" ""

    /// The bytes of a PNG file.
    let encode (picture: Picture) : byte[] =
        verify picture
        let stride = picture.Width * picture.Channels
        use packed = new MemoryStream()

        using (new ZLibStream(packed, CompressionLevel.SmallestSize, true)) (fun zlib ->
            for y in 0 .. picture.Height - 1 do
                // Filter 0, none: small pictures with flat backgrounds gain nothing from the others.
                zlib.WriteByte 0uy
                zlib.Write(picture.Pixels, y * stride, stride))

        let colour = if picture.Channels = 1 then 0uy else 2uy

        let header =
            Array.concat
                [
                    bigEndian (uint32 picture.Width)
                    bigEndian (uint32 picture.Height)
                    [| 8uy; colour; 0uy; 0uy; 0uy |]
                ]

        Array.concat
            [
                signature
                chunk "IHDR" header
                chunk "IDAT" (packed.ToArray())
                chunk "IEND" [||]
            ]

    /// Writes a file, atomically.
    let write (path: string) picture =
        Output.atomically path (fun stream -> stream.Write(ReadOnlySpan(encode picture)))

    /// A picture of numbers in [0, 1] (beyond: clamped, NaN: 0) of shape [height; width], [1; height; width] or [3; height; width].
    let ofFloats (shape: int[]) (values: ReadOnlySpan<float32>) : Picture =
        let channels, height, width =
            match shape with
            | [| height; width |] -> 1, height, width
            | [| (1 | 3) as channels; height; width |] -> channels, height, width
            | _ -> Errors.shape "Png.ofFloats" $"shape {Errors.show shape}" "[height; width], [1; height; width] or [3; height; width]" ""

        if values.Length <> channels * height * width then
            Errors.shape "Png.ofFloats" $"{values.Length} numbers" $"{channels * height * width} for shape {Errors.show shape}" ""

        let plane = height * width
        let pixels = Array.zeroCreate<byte> values.Length

        for i in 0 .. pixels.Length - 1 do
            let value = values[i % channels * plane + i / channels]

            pixels[i] <-
                if value > 0.0f then
                    byte (MathF.Round(255.0f * min value 1.0f))
                else
                    0uy

        {
            Width = width
            Height = height
            Channels = channels
            Pixels = pixels
        }

    /// Pictures of one size, `columns` to a row, `padding` pixels of mid-grey around each; places left over stay grey.
    let grid columns padding (pictures: Picture[]) : Picture =
        if columns < 1 || padding < 0 || pictures.Length = 0 then
            Errors.option
                "grid"
                $"{pictures.Length} pictures in {columns} columns with padding {padding}"
                "a picture, a column, no negative padding"
                ""

        let first = pictures[0]

        for picture in pictures do
            verify picture

            if
                (picture.Width, picture.Height, picture.Channels)
                <> (first.Width, first.Height, first.Channels)
            then
                Errors.shape
                    "Png.grid"
                    $"{picture.Width} x {picture.Height} beside {first.Width} x {first.Height}"
                    "pictures of one size"
                    ""

        let columns = min columns pictures.Length
        let rows = (pictures.Length + columns - 1) / columns
        let width = padding + columns * (first.Width + padding)
        let height = padding + rows * (first.Height + padding)
        let pixels = Array.create (width * height * first.Channels) 128uy
        let stride = first.Width * first.Channels

        pictures
        |> Array.iteri (fun i picture ->
            let left = padding + i % columns * (first.Width + padding)
            let top = padding + i / columns * (first.Height + padding)

            for y in 0 .. first.Height - 1 do
                Array.Copy(picture.Pixels, y * stride, pixels, ((top + y) * width + left) * first.Channels, stride))

        {
            Width = width
            Height = height
            Channels = first.Channels
            Pixels = pixels
        }

    let private paeth (left: byte) (above: byte) (corner: byte) =
        let estimate = int left + int above - int corner

        let a, b, c =
            abs (estimate - int left), abs (estimate - int above), abs (estimate - int corner)

        if a <= b && a <= c then left
        elif b <= c then above
        else corner

    /// Undoes the filters: each row is preceded by the number of its filter.
    let private unfilter (input: Input) height stride channels (filtered: byte[]) =
        let pixels = Array.zeroCreate<byte>(height * stride)

        for y in 0 .. height - 1 do
            let filter = filtered[y * (stride + 1)]

            for x in 0 .. stride - 1 do
                let left =
                    if x >= channels then
                        pixels[y * stride + x - channels]
                    else
                        0uy

                let above = if y > 0 then pixels[(y - 1) * stride + x] else 0uy

                let corner =
                    if x >= channels && y > 0 then
                        pixels[(y - 1) * stride + x - channels]
                    else
                        0uy

                let predicted =
                    match filter with
                    | 0uy -> 0uy
                    | 1uy -> left
                    | 2uy -> above
                    | 3uy -> byte ((int left + int above) / 2)
                    | 4uy -> paeth left above corner
                    | _ -> input.Refuse($"filter {filter} in row {y}", "0 to 4")

                pixels[y * stride + x] <- filtered[y * (stride + 1) + 1 + x] + predicted

        pixels

    let private readChunk (input: Input) =
        let length =
            int64 (BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(input.Take(4L, "chunk length"))))

        let body = input.Take(length + 4L, "chunk")

        let check =
            BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(input.Take(4L, "check word")))

        if check <> Crc32.compute (ReadOnlySpan body) then
            input.Refuse("a damaged chunk", "one whose check word agrees")

        Encoding.ASCII.GetString(body, 0, 4), body[4..]

    /// The chunks up to IEND, their check words verified.
    let private chunks (input: Input) =
        Seq.initInfinite (fun _ -> readChunk input)
        |> Seq.takeWhile (fun (kind, _) -> kind <> "IEND")
        |> Seq.toList

    /// The picture that `input` holds. Errors: data, for damage and for kinds of PNG other than 8-bit grey and RGB without interlacing.
    let parse (input: Input) : Picture =
        if input.Take(8L, "signature") <> signature then
            Errors.data input.Name "byte 0" "another format" "the signature of a PNG file" ""

        let chunks = chunks input
        input.End()

        match chunks with
        | ("IHDR", header) :: rest when header.Length = 13 ->
            let number at =
                int64 (BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(header, at, 4)))

            let channels =
                match header[8..] with
                | [| 8uy; 0uy; 0uy; 0uy; 0uy |] -> 1
                | [| 8uy; 2uy; 0uy; 0uy; 0uy |] -> 3
                | kind -> input.Refuse($"a PNG of kind {Errors.show (Array.map int kind)}", "8-bit grey or RGB, not interlaced")

            let width, height = number 0, number 4

            let packed =
                rest
                |> List.filter (fun (kind, _) -> kind = "IDAT")
                |> List.map snd
                |> Array.concat

            let room =
                min (int64 Array.MaxLength) (Sizes.deflateExpansion * int64 packed.Length)

            if
                width < 1L
                || height < 1L
                || (Sizes.tryProduct room [| height; width * int64 channels + 1L |]).IsNone
            then
                input.Refuse($"{width} by {height} pixels in {packed.Length} bytes", "a size that the file allows")

            let stride = int width * channels
            let filtered = Array.zeroCreate<byte>(int height * (stride + 1))
            use zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress)

            try
                zlib.ReadExactly(filtered, 0, filtered.Length)
            with
            | :? EndOfStreamException
            | :? InvalidDataException -> input.Refuse("pixels that do not decompress", $"{filtered.Length} bytes of them")

            {
                Width = int width
                Height = int height
                Channels = channels
                Pixels = unfilter input (int height) stride channels filtered
            }
        | _ -> input.Refuse("no header", "the chunk IHDR first")

    /// Reads a file. Errors: `FileNotFoundException`; data as `parse`.
    let read (path: string) =
        use input = Input.OpenStored path
        parse input
