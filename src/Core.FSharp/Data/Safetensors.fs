namespace Functional.Core

open System
open System.Buffers.Binary
open System.IO
open System.Text
open System.Text.Json

/// What a safetensors file holds: arrays, and a map of strings about them.
type SafetensorsFile =
    {
        Arrays: NamedArray[]
        Metadata: Map<string, string>
    }

/// An array that is still to be written: its bytes, little-endian in row-major order, come when they are asked for.
type SafetensorsEntry =
    {
        Name: string
        DType: DType
        Shape: int[]
        Write: Stream -> unit
    }

    /// Bytes that Write gives.
    member entry.Length =
        Array.fold (fun product size -> product * int64 size) (int64 (DType.size entry.DType)) entry.Shape

/// The safetensors format: the header's length as 8 little-endian bytes, a JSON header that names each array's type, shape and place,
/// then the arrays' bytes, without gaps. Reading never executes anything.
[<RequireQualifiedAccess>]
module Safetensors =
    let private headerLimit = 100_000_000L
    let private metadataName = "__metadata__"

    let private dtypeName dtype =
        match dtype with
        | Float32 -> "F32"
        | Float64 -> "F64"
        | Int32 -> "I32"

    /// Where the header says that an array lies: bytes First .. Last − 1 of the data.
    type private Place =
        {
            Name: string
            DType: DType
            Shape: int[]
            First: int64
            Last: int64
        }

    let private refuse (input: Input) name found expected =
        Errors.data input.Name $"array {Excerpt.quote name}" found expected ""

    let private numbers (input: Input) name (json: JsonElement) =
        if json.ValueKind <> JsonValueKind.Array then
            refuse input name $"{json.ValueKind}" "a list of numbers"

        [|
            for item in json.EnumerateArray() do
                match item.ValueKind with
                | JsonValueKind.Number ->
                    match item.TryGetInt64() with
                    | true, number when number >= 0L -> number
                    | _ -> refuse input name $"the number {Excerpt.quote (item.GetRawText())}" "whole numbers of 0 or more"
                | kind -> refuse input name $"{kind}" "whole numbers of 0 or more"
        |]

    let private place (input: Input) (dataLength: int64) (entry: JsonProperty) =
        let name = entry.Name

        if entry.Value.ValueKind <> JsonValueKind.Object then
            refuse input name $"{entry.Value.ValueKind}" "an object with dtype, shape and data_offsets"

        let field (key: string) =
            match entry.Value.TryGetProperty key with
            | true, value -> value
            | _ -> refuse input name $"no {key}" "dtype, shape and data_offsets"

        let dtype =
            match (field "dtype").ToString() with
            | "F32" -> Float32
            | "F64" -> Float64
            | "I32" -> DType.Int32
            | other -> refuse input name $"elements of type {Excerpt.quote other}" "F32, F64 or I32"

        let shape = numbers input name (field "shape")

        match numbers input name (field "data_offsets") with
        | [| first; last |] ->
            match Sizes.tryProduct dataLength (Array.append [| int64 (DType.size dtype) |] shape) with
            | Some size when
                size = last - first
                && last <= dataLength
                && Array.forall (fun s -> s <= int64 Int32.MaxValue) shape
                ->
                {
                    Name = name
                    DType = dtype
                    Shape = Array.map int shape
                    First = first
                    Last = last
                }
            | _ ->
                let sizes = String.Join("; ", shape)
                refuse input name $"bytes {first} to {last} for shape [{sizes}]" $"offsets within {dataLength} bytes that the shape fills"
        | offsets -> refuse input name $"{offsets.Length} offsets" "a first and a last one"

    let private metadata (input: Input) (json: JsonElement) =
        if json.ValueKind <> JsonValueKind.Object then
            refuse input metadataName $"{json.ValueKind}" "an object of strings"

        Map.ofSeq (
            seq {
                for entry in json.EnumerateObject() do
                    if entry.Value.ValueKind <> JsonValueKind.String then
                        refuse input metadataName $"{entry.Value.ValueKind} for {Excerpt.quote entry.Name}" "a string"

                    entry.Name, entry.Value.GetString() |> Option.ofObj |> Option.defaultValue ""
            }
        )

    /// The arrays in the order of their bytes, which must follow one another from the first byte to the last.
    let private inOrder (input: Input) dataLength (places: Place[]) =
        let sorted = places |> Array.sortBy (fun place -> place.First, place.Last)

        let reached =
            (0L, sorted)
            ||> Array.fold (fun reached place ->
                if place.First <> reached then
                    refuse input place.Name $"its first byte at {place.First}" $"{reached}, where the array before it ends"

                place.Last)

        if reached <> dataLength then
            Errors.data input.Name "" $"{dataLength} bytes of data" $"{reached}, as many as the arrays have" ""

        sorted

    let private header (input: Input) =
        let length =
            BinaryPrimitives.ReadUInt64LittleEndian(input.Take(8L, "header length"))

        if length > uint64 (min headerLimit input.Remaining) then
            Errors.data input.Name "byte 0" $"a header of {length} bytes" $"at most {min headerLimit input.Remaining}" ""

        let bytes = input.Take(int64 length, "header")

        if bytes.Length = 0 || bytes[0] <> byte '{' then
            Errors.data input.Name "byte 8" "no JSON object" "a header that begins with {" ""

        try
            JsonDocument.Parse(ReadOnlyMemory bytes, JsonDocumentOptions(AllowDuplicateProperties = false, MaxDepth = 8))
        with :? JsonException as error ->
            Errors.data
                input.Name
                $"byte {8L + error.BytePositionInLine.GetValueOrDefault()}"
                "a header that is not the format's JSON"
                "an object with a different name for each array"
                ""

    /// The arrays and metadata that `input` holds. Errors: data, when lengths, offsets and shapes do not agree with one another and with
    /// the file, a name appears twice, or an array is not of F32, F64 or I32.
    let parse (input: Input) : SafetensorsFile =
        use header = header input
        let dataLength = input.Remaining

        try
            let entries = header.RootElement.EnumerateObject() |> Seq.toArray

            let about, arrays =
                entries |> Array.partition (fun entry -> entry.Name = metadataName)

            let places =
                arrays |> Array.map (place input dataLength) |> inOrder input dataLength

            {
                Metadata =
                    about
                    |> Array.tryHead
                    |> Option.map (fun entry -> metadata input entry.Value)
                    |> Option.defaultValue Map.empty
                Arrays =
                    places
                    |> Array.map (fun place ->
                        {
                            Name = place.Name
                            DType = place.DType
                            Shape = place.Shape
                            Bytes = input.Take(place.Last - place.First, $"array {Excerpt.quote place.Name}")
                        })
            }
        // A string with half a surrogate pair is JSON, but no text.
        with :? InvalidOperationException ->
            Errors.data input.Name "" "a name that is not text" "names in Unicode" ""

    /// Reads a file. Errors: `FileNotFoundException`; data as `parse`.
    let read (path: string) =
        use input = Input.OpenStored path
        parse input

    let private writeHeader (metadata: Map<string, string>) (arrays: SafetensorsEntry[]) =
        use stream = new MemoryStream()
        use json = new Utf8JsonWriter(stream)
        json.WriteStartObject()

        if not metadata.IsEmpty then
            json.WriteStartObject metadataName
            metadata |> Map.iter (fun key value -> json.WriteString(key, value))
            json.WriteEndObject()

        let numbers (key: string) (values: int64 seq) =
            json.WriteStartArray key
            values |> Seq.iter json.WriteNumberValue
            json.WriteEndArray()

        let mutable offset = 0L

        for array in arrays do
            json.WriteStartObject array.Name
            json.WriteString("dtype", dtypeName array.DType)
            numbers "shape" (Seq.map int64 array.Shape)
            numbers "data_offsets" [ offset; offset + array.Length ]
            json.WriteEndObject()
            offset <- offset + array.Length

        json.WriteEndObject()
        json.Flush()
        stream.ToArray()

    /// Writes arrays and metadata to `stream`, holding no array's bytes. The widest elements come first, then by name, so that every array
    /// is aligned and equal arrays give equal bytes. Errors: option, when two arrays have one name.
    let encodeEntries (metadata: Map<string, string>) (entries: SafetensorsEntry[]) (stream: Stream) =
        match
            entries
            |> Array.countBy (fun entry -> entry.Name)
            |> Array.tryFind (fun (_, count) -> count > 1)
        with
        | Some(name, count) -> Errors.option "arrays" $"{count} arrays named '{name}'" "a different name for each" ""
        | None -> ()

        let entries = Array.copy entries
        // By code unit: a culture's order would make the bytes depend on the machine.
        Array.Sort(
            entries,
            (fun (a: SafetensorsEntry) (b: SafetensorsEntry) ->
                match compare (DType.size b.DType) (DType.size a.DType) with
                | 0 -> String.CompareOrdinal(a.Name, b.Name)
                | order -> order)
        )

        let header = writeHeader metadata entries
        let padding = (8 - header.Length % 8) % 8
        let length = Array.zeroCreate<byte> 8
        BinaryPrimitives.WriteInt64LittleEndian(Span length, int64 (header.Length + padding))
        stream.Write(ReadOnlySpan length)
        stream.Write(ReadOnlySpan header)
        stream.Write(ReadOnlySpan(Encoding.ASCII.GetBytes(String(' ', padding))))
        entries |> Array.iter (fun entry -> entry.Write stream)

    let private entryOf (array: NamedArray) : SafetensorsEntry =
        {
            Name = array.Name
            DType = array.DType
            Shape = array.Shape
            Write = fun stream -> stream.Write(ReadOnlySpan array.Bytes)
        }

    /// Writes a file's content to `stream`, as `encodeEntries`.
    let encode (file: SafetensorsFile) (stream: Stream) =
        encodeEntries file.Metadata (Array.map entryOf file.Arrays) stream

    /// Writes a file, atomically.
    let write (path: string) (file: SafetensorsFile) = Output.atomically path (encode file)
