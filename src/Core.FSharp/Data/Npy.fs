namespace Functional.Core

open System
open System.Buffers.Binary
open System.Runtime.InteropServices
open System.Text
open System.Text.RegularExpressions

/// NumPy's array format, versions 1 to 3 (NumPy enhancement proposal 1 and `numpy.lib.format`): magic, version, header length,
/// a Python dictionary with element type, order and shape, then the elements. Objects (pickles) are never read.
[<RequireQualifiedAccess>]
module Npy =
    let private magic = Array.append [| 0x93uy |] "NUMPY"B

    /// What the header says. `Descr` is NumPy's name of the element type, such as <f4 or |u1.
    type private Header =
        {
            Descr: string
            FortranOrder: bool
            Shape: int[]
        }

    // The three entries in any order, as every NumPy writes them: no other Python is understood.
    let private dictionary =
        let entry =
            @"\s*(?:'descr'\s*:\s*'(?<descr>[^'\\]*)'|'fortran_order'\s*:\s*(?<order>True|False)|'shape'\s*:\s*\((?<shape>[0-9, ]*)\))\s*"

        Regex($@"^\s*\{{{entry},{entry},{entry},?\s*\}}\s*$", RegexOptions.CultureInvariant ||| RegexOptions.NonBacktracking)

    let private sizes (text: string) =
        let parts = text.Split([| ',' |], StringSplitOptions.TrimEntries)
        // A trailing comma, as in (3,), leaves an empty last part.
        let parts =
            if Array.last parts = "" then
                parts[.. parts.Length - 2]
            else
                parts

        let parsed = parts |> Array.map (fun part -> Int32.TryParse part)

        if parsed |> Array.forall fst then
            Some(Array.map snd parsed)
        else
            None

    let private header (input: Input) =
        let start = input.Take(8L, "npy header")

        if not (start.AsSpan(0, 6).SequenceEqual magic) then
            Errors.data input.Name "byte 0" "another format" "93 N U M P Y, as an npy file begins" ""

        let length =
            match start[6] with
            | 1uy -> int64 (BinaryPrimitives.ReadUInt16LittleEndian(input.Take(2L, "header length")))
            | 2uy
            | 3uy -> int64 (BinaryPrimitives.ReadUInt32LittleEndian(input.Take(4L, "header length")))
            | version -> Errors.data input.Name "byte 6" $"npy version {version}" "1, 2 or 3" ""

        // No array that this reader takes needs more; NumPy itself stops at ten thousand.
        if length > 65536L then
            input.Refuse($"a header of {length} bytes", "at most 65536")

        let text = Encoding.UTF8.GetString(input.Take(length, "npy header"))
        let found = dictionary.Match text

        let shape =
            if found.Groups["shape"].Success then
                sizes found.Groups["shape"].Value
            else
                None

        match shape with
        | Some shape when found.Groups["descr"].Success && found.Groups["order"].Success ->
            {
                Descr = found.Groups["descr"].Value
                FortranOrder = found.Groups["order"].Value = "True"
                Shape = shape
            }
        | _ -> input.Refuse("an npy header that is not understood", "a dictionary of descr, fortran_order and shape for plain numbers")

    let private elementSize (input: Input) (descr: string) =
        match (if descr.Length > 1 then descr.Substring 1 else "") with
        | ("b1" | "i1" | "u1" | "i2" | "u2" | "f2" | "i4" | "u4" | "f4" | "i8" | "u8" | "f8") as kind when "<>=|".Contains descr[0] ->
            int kind[1] - int '0'
        | _ -> input.Refuse($"elements of type {Excerpt.quote descr}", "floats, integers or booleans of at most 8 bytes, such as <f4")

    let private littleEndian size (bytes: byte[]) =
        let reversed = Array.copy bytes

        for start in 0..size .. reversed.Length - 1 do
            Array.Reverse(reversed, start, size)

        reversed

    /// The elements with the last axis running fastest, from elements with the first axis running fastest.
    let private rowMajor (shape: int[]) size (bytes: byte[]) =
        let ordered = Array.zeroCreate<byte> bytes.Length
        let index = Array.zeroCreate<int> shape.Length
        let strides = Array.scan (*) 1 shape
        let mutable source = 0

        for target in 0..size .. bytes.Length - 1 do
            Buffer.BlockCopy(bytes, source * size, ordered, target, size)
            let mutable axis = shape.Length - 1
            let mutable carry = true

            while carry && axis >= 0 do
                index[axis] <- index[axis] + 1
                source <- source + strides[axis]
                carry <- index[axis] = shape[axis]

                if carry then
                    source <- source - shape[axis] * strides[axis]
                    index[axis] <- 0
                    axis <- axis - 1

        ordered

    let inline private convert<'a, 'b
        when 'a: struct and 'a :> ValueType and 'a: (new: unit -> 'a) and 'b: struct and 'b :> ValueType and 'b: (new: unit -> 'b)>
        ([<InlineIfLambda>] f: 'a -> 'b)
        (bytes: byte[])
        : byte[] =
        let target = Array.zeroCreate<byte>(bytes.Length / sizeof<'a> * sizeof<'b>)
        let from = MemoryMarshal.Cast<byte, 'a>(ReadOnlySpan bytes)
        let into = MemoryMarshal.Cast<byte, 'b>(Span target)

        for i in 0 .. from.Length - 1 do
            into[i] <- f from[i]

        target

    let private decode (input: Input) (kind: string) (bytes: byte[]) =
        let narrow (x: int64) =
            if x = int64 (int32 x) then
                int32 x
            else
                input.Refuse($"the number {x}", "numbers that fit in 32 bits")

        match kind with
        | "f2" -> Float32, convert<Half, float32> (fun x -> float32 x) bytes
        | "f4" -> Float32, bytes
        | "f8" -> Float64, bytes
        | "i4" -> DType.Int32, bytes
        | "b1" -> DType.Int32, convert<byte, int32> (fun x -> if x = 0uy then 0 else 1) bytes
        | "i1" -> DType.Int32, convert<sbyte, int32> int32 bytes
        | "u1" -> DType.Int32, convert<byte, int32> int32 bytes
        | "i2" -> DType.Int32, convert<int16, int32> int32 bytes
        | "u2" -> DType.Int32, convert<uint16, int32> int32 bytes
        | "u4" -> DType.Int32, convert<uint32, int32> (fun x -> narrow (int64 x)) bytes
        | "i8" -> DType.Int32, convert<int64, int32> narrow bytes
        | _ -> DType.Int32, convert<uint64, int32> (fun x -> narrow (if x > 0x7FFFFFFFUL then Int64.MaxValue else int64 x)) bytes

    /// The array that `input` holds, and NumPy's name of its element type. Half floats widen to float32; integers and booleans become
    /// int32; Fortran order becomes row-major. Errors: data, for another format, other element types, integers beyond 32 bits, or a length
    /// that does not agree with the header.
    let parse name (input: Input) : NamedArray * string =
        let header = header input
        let size = elementSize input header.Descr

        match Sizes.tryProduct input.Remaining (Array.append [| int64 size |] (Array.map int64 header.Shape)) with
        | None ->
            input.Refuse(
                $"shape {Errors.show header.Shape} and room for at most {input.Remaining} bytes",
                "a shape that the file's length allows"
            )
        | Some length ->
            let bytes = input.Take(length, $"elements {Errors.show header.Shape}")
            input.End()

            let bytes =
                if header.Descr[0] = '>' && size > 1 then
                    littleEndian size bytes
                else
                    bytes

            let bytes =
                if header.FortranOrder && header.Shape.Length > 1 then
                    rowMajor header.Shape size bytes
                else
                    bytes

            let dtype, bytes = decode input (header.Descr.Substring 1) bytes

            {
                Name = name
                DType = dtype
                Shape = header.Shape
                Bytes = bytes
            },
            header.Descr

    /// A set of the rows of a file (not gzipped) that stay there: they are read while it is trained on, so it may be larger than memory.
    /// Errors: `FileNotFoundException`; data, for another format, elements other than little-endian float32 in row-major order, no rows, or
    /// a length that does not agree with the header.
    let rowsOf name (path: string) : Dataset =
        use input = Input.OpenStored path
        let header = header input

        if header.Descr <> "<f4" || header.FortranOrder || header.Shape.Length < 2 then
            let order = if header.FortranOrder then "Fortran" else "C"
            input.Refuse($"{header.Descr} of shape {Errors.show header.Shape}, {order} order", "rows of <f4 in C order")

        match Sizes.tryProduct input.Remaining (Array.append [| 4L |] (Array.map int64 header.Shape)) with
        | Some length when length = input.Remaining && length > 0L ->
            let row = Array.tail header.Shape

            new RowFile(path, input.Position, Array.fold (*) 1 row, header.Shape[0])
            |> Dataset.ofFile name row
            |> Dataset.withSource path ""
        | _ ->
            input.Refuse(
                $"shape {Errors.show header.Shape} and {input.Remaining} bytes",
                "one number or more, and as many bytes as the shape says"
            )

    /// The bytes of an npy file, version 1.
    let encode (array: NamedArray) : byte[] =
        let descr =
            match array.DType with
            | Float32 -> "<f4"
            | Float64 -> "<f8"
            | Int32 -> "<i4"

        let shape =
            match array.Shape with
            | [| size |] -> $"{size},"
            | shape -> shape |> Array.map string |> String.concat ", "


        let dictionary =
            $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}"
        // The elements start at a multiple of 64 bytes, so that a memory map of the file is aligned.
        let padding = (64 - (magic.Length + 4 + dictionary.Length + 1) % 64) % 64
        let header = dictionary + String(' ', padding) + "\n"
        let length = header.Length

        Array.concat
            [
                magic
                [| 1uy; 0uy; byte length; byte (length >>> 8) |]
                Encoding.ASCII.GetBytes header
                array.Bytes
            ]
