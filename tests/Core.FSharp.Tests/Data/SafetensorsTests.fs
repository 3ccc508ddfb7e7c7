namespace Functional.Core.Tests

open System
open System.IO
open System.Text
open FsCheck
open Functional.Core
open Xunit

type SafetensorsTests() =
    let file (header: string) (data: byte[]) =
        Array.concat
            [
                BitConverter.GetBytes(uint64 (Encoding.UTF8.GetByteCount header))
                Encoding.UTF8.GetBytes header
                data
            ]

    let parse bytes =
        use input = Input.OfStoredBytes("test.safetensors", bytes)
        Safetensors.parse input

    let encode file =
        use stream = new MemoryStream()
        Safetensors.encode file stream
        stream.ToArray()

    let of' arrays =
        {
            Arrays = arrays
            Metadata = Map.empty
        }

    [<Fact>]
    member _.``known bytes are read``() =
        let bytes =
            file
                """{"__metadata__":{"format":"pt"},"b":{"dtype":"I32","shape":[],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   """
                [| 0uy; 0uy; 0x80uy; 0x3Fuy; 5uy; 0uy; 0uy; 0uy |]

        let read = parse bytes
        Assert.Equal<Map<string, string>>(Map [ "format", "pt" ], read.Metadata)

        Assert.Equal<NamedArray[]>(
            [|
                NamedArray.ofFloat32 "a" [| 1 |] [| 1.0f |]
                NamedArray.ofInt32 "b" [||] [| 5 |]
            |],
            read.Arrays
        )

    [<Fact>]
    member _.``known bytes are written, aligned to 8``() =
        let header =
            """{"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"I32","shape":[1],"data_offsets":[8,12]}}"""

        let padded = header.PadRight((header.Length + 7) / 8 * 8)

        let written =
            encode (
                of'
                    [|
                        NamedArray.ofInt32 "a" [| 1 |] [| 5 |]
                        NamedArray.ofFloat64 "d" [| 1 |] [| 0.0 |]
                    |]
            )

        let data = Array.append (Array.zeroCreate 8) [| 5uy; 0uy; 0uy; 0uy |]
        Assert.Equal<byte[]>(file padded data, written)

    [<Fact>]
    member _.``what is written reads back``() =
        Check.QuickThrowOnFailure(fun (floats: float32[], ints: int32[], note: NonEmptyString) ->
            // Half a surrogate pair is no text, so no JSON can hold it.
            let note = String.filter (Char.IsSurrogate >> not) note.Get

            let written =
                {
                    Arrays =
                        [|
                            NamedArray.ofFloat32 "a.0" [| floats.Length; 1 |] floats
                            NamedArray.ofInt32 "b\"\n" [| ints.Length |] ints
                        |]
                    Metadata = Map [ "note", note ]
                }

            parse (encode written) = written)

    [<Theory>]
    [<InlineData("[]", "no JSON object")>]
    [<InlineData("{", "not the format's JSON")>]
    [<InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""",
                 "not the format's JSON")>]
    [<InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", "elements of type 'F16'")>]
    [<InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "bytes 0 to 4 for shape [2]")>]
    [<InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "bytes 0 to 8 for shape [2]")>]
    [<InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "the number '-1'")>]
    [<InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", "4611686018427387904")>]
    [<InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", "its first byte at 4, expected 0")>]
    [<InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", "4 bytes of data, expected 0")>]
    [<InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
                 "its first byte at 0, expected 4")>]
    [<InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "no data_offsets")>]
    [<InlineData("""{"__metadata__":{"a":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "expected a string")>]
    member _.``headers that do not agree with the file are refused``(header: string, message: string) =
        let error =
            throws<InvalidDataException>(fun () -> parse (file header [| 0uy; 0uy; 0uy; 0uy |]) |> ignore)

        Assert.Contains(message, error.Message)

    [<Fact>]
    member _.``a header longer than the file is refused``() =
        let error =
            throws<InvalidDataException>(fun () -> parse (Array.append (BitConverter.GetBytes UInt64.MaxValue) "{}"B) |> ignore)

        Assert.Contains("a header of 18446744073709551615 bytes, expected at most 2", error.Message)

    [<Fact>]
    member _.``two arrays of one name are not written``() =
        let twice = NamedArray.ofInt32 "a" [| 1 |] [| 5 |]

        throws<ArgumentException>(fun () -> encode (of' [| twice; twice |]) |> ignore)
        |> ignore

    [<Fact>]
    member _.``a write that fails leaves the old file and nothing else``() =
        Golden.inFolder (fun folder ->
            let path = Path.Combine(folder, "model.safetensors")
            let old = of' [| NamedArray.ofInt32 "a" [| 1 |] [| 5 |] |]
            Safetensors.write path old

            throws<IOException>(fun () ->
                Output.atomically path (fun stream ->
                    stream.WriteByte 1uy
                    raise (IOException "disk full")))
            |> ignore

            Assert.Equal(old, Safetensors.read path)
            Assert.Equal(1, Directory.GetFileSystemEntries(folder).Length)
            Safetensors.write path (of' [||])
            Assert.Equal(of' [||], Safetensors.read path))
