namespace Functional.Core.Tests

open System
open System.IO
open System.Text
open FsCheck
open Functional.Core
open Xunit

type NpzTests() =
    let golden = lazy (Npz.read (Golden.path "numpy.npz"))

    let array name =
        golden.Value |> Array.find (fun entry -> entry.Array.Name = name)

    let npy (header: string) (version: byte) (data: byte[]) =
        let text = Encoding.ASCII.GetBytes header
        let length = BitConverter.GetBytes(text.Length)

        Array.concat
            [
                [| 0x93uy |]
                "NUMPY"B
                [| version; 0uy |]
                (if version = 1uy then length[..1] else length)
                text
                data
            ]

    let parse bytes =
        use input = Input.OfStoredBytes("test.npy", bytes)
        Npy.parse "test" input

    let refused bytes =
        throws<InvalidDataException>(fun () -> parse bytes |> ignore)

    [<Theory>]
    [<InlineData("f2", "float32")>]
    [<InlineData("f4", "float32")>]
    [<InlineData("f8", "float64")>]
    [<InlineData("i1", "int32")>]
    [<InlineData("u1", "int32")>]
    [<InlineData("i2", "int32")>]
    [<InlineData("u2", "int32")>]
    [<InlineData("i4", "int32")>]
    [<InlineData("u4", "int32")>]
    [<InlineData("i8", "int32")>]
    [<InlineData("u8", "int32")>]
    [<InlineData("big_f4", "float32")>]
    [<InlineData("big_f8", "float64")>]
    [<InlineData("big_i2", "int32")>]
    [<InlineData("big_i4", "int32")>]
    [<InlineData("big_i8", "int32")>]
    member _.``NumPy's arrays read in every element type``(name: string, dtype: string) =
        let entry = (array name).Array
        Assert.Equal(dtype, DType.name entry.DType)
        Assert.Equal<int[]>([| 2; 3 |], entry.Shape)
        Assert.Equal<float[]>(Array.init 6 float, NamedArray.toFloat64 entry)

    [<Fact>]
    member _.``Fortran order, booleans, scalars and empty arrays read``() =
        Assert.Equal<float32[]>(Array.init 24 float32, NamedArray.toFloat32 (array "fortran").Array)
        Assert.Equal<int32[]>([| 0; 1; 0; 1; 0; 1 |], NamedArray.toInt32 (array "b1").Array)
        Assert.Equal("|b1", (array "b1").Descr)
        Assert.Equal<int[]>([||], (array "scalar").Array.Shape)
        Assert.Equal<float[]>([| 2.5 |], NamedArray.toFloat64 (array "scalar").Array)
        Assert.Equal<int[]>([| 0; 5 |], (array "empty").Array.Shape)

    [<Fact>]
    member _.``the header is NumPy's``() =
        let bytes = Npy.encode (NamedArray.ofFloat32 "x" [| 2; 1 |] [| 1.0f; 2.0f |])
        Assert.Equal(128 + 8, bytes.Length)
        let header = Encoding.Latin1.GetString(bytes, 0, 128)
        Assert.StartsWith("\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", header)
        Assert.EndsWith(" \n", header)

    [<Fact>]
    member _.``versions 1, 2 and 3 read``() =
        for version in 1uy .. 3uy do
            let bytes =
                npy "{'shape': (1,), 'fortran_order': True, 'descr': '|u1'}\n" version [| 7uy |]

            Assert.Equal<int32[]>([| 7 |], NamedArray.toInt32 (fst (parse bytes)))

    [<Theory>]
    [<InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "elements of type '|O'")>]
    [<InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "elements of type '<c8'")>]
    [<InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "not understood")>]
    [<InlineData("{'descr': '<f4', 'descr': '<f4', 'shape': (1,), }", "not understood")>]
    [<InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "shape [2] and room for at most 8 bytes")>]
    [<InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "more bytes")>]
    [<InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "not understood")>]
    [<InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", "fit in 32 bits")>]
    member _.``other contents are refused by name``(header: string, message: string) =
        Assert.Contains(message, (refused (npy header 1uy [| 0uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy; 1uy |])).Message)

    [<Fact>]
    member _.``a header of blanks is refused at once``() =
        let entries = "'descr': '<f4', 'fortran_order': False, 'shape': (1,)"
        let blanks = String(' ', 65000)
        let clock = Diagnostics.Stopwatch.StartNew()

        for header in
            [
                blanks
                "{" + blanks
                "{" + entries + blanks
                "{" + entries + "," + blanks + "x"
            ] do
            refused (npy header 2uy [| 0uy; 0uy; 0uy; 0uy |]) |> ignore

        Assert.InRange(clock.ElapsedMilliseconds, 0L, 2000L)

    [<Fact>]
    member _.``what is written reads back, and equal arrays give equal bytes``() =
        let encode arrays =
            use stream = new MemoryStream()
            Npz.encode arrays stream
            stream.ToArray()

        Check.QuickThrowOnFailure(fun (floats: float32[], doubles: float[], ints: int32[]) ->
            let arrays =
                [|
                    NamedArray.ofFloat32 "layer.0/weight" [| floats.Length |] floats
                    NamedArray.ofFloat64 "d" [| 1; doubles.Length |] doubles
                    NamedArray.ofInt32 "i" [| ints.Length; 1 |] ints
                |]

            use input = Input.OfStoredBytes("test.npz", encode arrays)

            (Npz.parse input |> Array.map (fun entry -> entry.Array)) = arrays
            && encode arrays = encode arrays)

    [<Fact>]
    member _.``a damaged entry is refused``() =
        let bytes = File.ReadAllBytes(Golden.path "numpy.npz")
        bytes[100] <- bytes[100] ^^^ 4uy
        use input = Input.OfStoredBytes("damaged.npz", bytes)
        let error = throws<InvalidDataException>(fun () -> Npz.parse input |> ignore)
        Assert.StartsWith("damaged.npz", error.Message)
