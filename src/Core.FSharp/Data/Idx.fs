namespace Functional.Core

open System
open System.Buffers.Binary
open System.IO
open System.Runtime.InteropServices

/// What an IDX file's elements are.
[<RequireQualifiedAccess>]
type IdxElement =
    | UInt8
    | Int8
    | Int16
    | Int32
    | Float32
    | Float64

/// An IDX array: its elements in row-major order, big-endian as the file holds them.
type IdxArray =
    {
        Element: IdxElement
        Shape: int[]
        Bytes: byte[]
    }

/// The format of MNIST and its relatives (Yann LeCun, "The MNIST database"): two zero bytes, an element type, the rank,
/// the sizes as big-endian 32-bit numbers, then the elements. Files may be gzipped.
[<RequireQualifiedAccess>]
module Idx =
    let private elements =
        [
            0x08uy, IdxElement.UInt8, 1
            0x09uy, IdxElement.Int8, 1
            0x0Buy, IdxElement.Int16, 2
            0x0Cuy, IdxElement.Int32, 4
            0x0Duy, IdxElement.Float32, 4
            0x0Euy, IdxElement.Float64, 8
        ]

    let private describe element =
        elements |> List.find (fun (_, candidate, _) -> candidate = element)

    /// The array that `input` holds. Errors: data, when the header is not IDX's or the length does not agree with it.
    let parse (input: Input) : IdxArray =
        let magic = input.Take(4L, "IDX header")

        if magic[0] <> 0uy || magic[1] <> 0uy then
            Errors.data input.Name "byte 0" $"{magic[0]:x2} {magic[1]:x2}" "00 00, as an IDX file begins" ""

        let element, size =
            match elements |> List.tryFind (fun (code, _, _) -> code = magic[2]) with
            | Some(_, element, size) -> element, size
            | None -> Errors.data input.Name "byte 2" $"element type {magic[2]:x2}" "08, 09, 0b, 0c, 0d or 0e" ""

        let header = input.Take(4L * int64 magic[3], "IDX sizes")

        let shape =
            Array.init (int magic[3]) (fun axis -> BinaryPrimitives.ReadInt32BigEndian(ReadOnlySpan(header, 4 * axis, 4)))

        let sizes = Array.append [| int64 size |] (Array.map int64 shape)

        match Sizes.tryProduct input.Remaining sizes with
        | None ->
            input.Refuse($"sizes {Errors.show shape} and room for at most {input.Remaining} bytes", "sizes that the file's length allows")
        | Some length ->
            let bytes = input.Take(length, $"elements {Errors.show shape}")
            input.End()

            {
                Element = element
                Shape = shape
                Bytes = bytes
            }

    /// Reads a file, gzipped or not. Errors: `FileNotFoundException`; data as `parse`.
    let read path =
        use input = Input.Open path
        parse input

    /// The file's bytes.
    let encode (array: IdxArray) : byte[] =
        let code, _, _ = describe array.Element

        let size (value: int) =
            [| byte (value >>> 24); byte (value >>> 16); byte (value >>> 8); byte value |]

        Array.concat
            [
                [| 0uy; 0uy; code; byte array.Shape.Length |]
                Array.collect size array.Shape
                array.Bytes
            ]

    let private element (array: IdxArray) (i: int) : float =
        let bytes = ReadOnlySpan array.Bytes

        match array.Element with
        | IdxElement.UInt8 -> float bytes[i]
        | IdxElement.Int8 -> float (sbyte bytes[i])
        | IdxElement.Int16 -> float (BinaryPrimitives.ReadInt16BigEndian(bytes.Slice(2 * i)))
        | IdxElement.Int32 -> float (BinaryPrimitives.ReadInt32BigEndian(bytes.Slice(4 * i)))
        | IdxElement.Float32 -> float (BinaryPrimitives.ReadSingleBigEndian(bytes.Slice(4 * i)))
        | IdxElement.Float64 -> BinaryPrimitives.ReadDoubleBigEndian(bytes.Slice(8 * i))

    let private elementCount (array: IdxArray) =
        let _, _, size = describe array.Element
        array.Bytes.Length / size

    // A division for each of 47 million pixels would take longer than reading them.
    let private greyLevels = Array.init 256 (fun level -> float32 level / 255.0f)

    /// The numbers as float32; unsigned bytes are grey levels and become level / 255, in [0, 1].
    let toFloat32 (array: IdxArray) : float32[] =
        match array.Element with
        | IdxElement.UInt8 -> array.Bytes |> Array.map (fun level -> greyLevels[int level])
        | _ -> Array.init (elementCount array) (fun i -> float32 (element array i))

    let private labels (name: string) (array: IdxArray) : int32[] =
        match array.Element, array.Shape with
        | (IdxElement.Float32 | IdxElement.Float64), _ -> Errors.data name "byte 2" "fractions" "whole numbers as labels" ""
        | _, [| _ |] -> Array.init (elementCount array) (fun i -> int32 (element array i))
        | _, shape ->
            Errors.data name "byte 3" $"labels of shape {Errors.show shape}" "one number for each row" "name images first, then labels"

    /// A set from a file of rows (first axis) and, when there is one, its file of labels.
    /// Errors: `FileNotFoundException`; data, when a file is damaged or their numbers of rows differ.
    let dataset name (rowsPath: string) (labelsPath: string option) : Dataset =
        use rows = Input.Open rowsPath
        let array = parse rows

        if array.Shape.Length = 0 || Array.contains 0 array.Shape then
            Errors.data rowsPath "byte 3" $"shape {Errors.show array.Shape}" "one row or more" ""

        let set = Dataset.create name (Array.tail array.Shape) (toFloat32 array)

        match labelsPath with
        | None -> set |> Dataset.withSource rowsPath (Input.Sha256 [ rows ])
        | Some labelsPath ->
            use input = Input.Open labelsPath
            let labels = labels labelsPath (parse input)

            if labels.Length <> set.Count then
                Errors.data labelsPath "byte 4" $"{labels.Length} labels" $"{set.Count}, as many as {rowsPath} has rows" ""

            set
            |> Dataset.withLabels labels
            |> Dataset.withSource $"{rowsPath}, {labelsPath}" (Input.Sha256 [ rows; input ])

    /// Writes a file, not gzipped.
    let write (path: string) (array: IdxArray) =
        Output.atomically path (fun stream -> stream.Write(ReadOnlySpan(encode array)))
