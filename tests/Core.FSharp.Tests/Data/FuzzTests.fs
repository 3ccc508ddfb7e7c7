namespace Functional.Core.Tests

open System
open System.IO
open System.IO.Compression
open System.Text
open Functional.Core
open Xunit

/// Seeded damage to files.
[<RequireQualifiedAccess>]
module Fuzz =
    /// A stream of numbers from one key.
    type private Dice(key) =
        let mutable position = 0L

        /// A number in 0 .. n − 1.
        member _.Below n =
            position <- position + 1L
            int ((uint64 (Threefry.word key position) * uint64 n) >>> 32)

    let private lies: byte[][] =
        [|
            BitConverter.GetBytes UInt64.MaxValue
            BitConverter.GetBytes Int64.MaxValue
            BitConverter.GetBytes 0x7FFFFFFF
            [| 0x7Fuy; 0xFFuy; 0xFFuy; 0xFFuy |]
            BitConverter.GetBytes 0xFFFFFFFFu
            BitConverter.GetBytes 0
            [| 0uy; 0uy; 0uy; 1uy |]
            "99999999"B
            "-1"B
            "\"\"\n"B
        |]

    let private damage (dice: Dice) (bytes: byte[]) =
        let length = bytes.Length
        let at, other = dice.Below length, dice.Below length
        let count = min (1 + dice.Below 64) (length - max at other)

        match dice.Below 7 with
        | 0 -> bytes[.. at - 1]
        | 1 -> Array.concat [ bytes[.. at - 1]; bytes[other .. other + count - 1]; bytes[at..] ]
        | 2 -> Array.append bytes[.. at - 1] bytes[at + count ..]
        | 3 ->
            let lie = lies[dice.Below lies.Length]
            // Lengths lie at the beginning, or, in a zip file, at the end.
            let at = if dice.Below 2 = 0 then dice.Below(min length 64) else at
            let lie = lie[.. min lie.Length (length - at) - 1]
            Array.concat [ bytes[.. at - 1]; lie; bytes[at + lie.Length ..] ]
        | _ ->
            let copy = Array.copy bytes

            for _ in 0 .. dice.Below 4 do
                let i = dice.Below length
                copy[i] <- copy[i] ^^^ (1uy <<< dice.Below 8)

            copy

    /// File number `i` in the series that damages `seeds`.
    let mutant (seeds: byte[][]) (i: int) =
        let dice = Dice(Threefry.foldIn (Threefry.ofSeed 2026L) i)
        let seed = seeds[i % seeds.Length]
        let once = damage dice seed

        if once.Length > 0 && dice.Below 3 = 0 then
            damage dice once
        else
            once

    /// How many bytes come out of a gzip file before it ends or breaks; the file's own length when it is none.
    let unzipped (bytes: byte[]) =
        let piece = Array.zeroCreate<byte> 65536
        use stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress)
        let mutable total, read = 0L, 1

        try
            while read > 0 do
                read <- stream.Read(piece, 0, piece.Length)
                total <- total + int64 read
        with :? InvalidDataException ->
            ()

        max total bytes.Length

    /// Reads 2,500 damaged files. Each is read whole (`whole` looks at the result) or refused with `InvalidDataException`, and never costs
    /// more memory than a constant and a multiple of what the file holds.
    let survive (openBytes: string * byte[] -> Input) (seeds: byte[][]) (read: Input -> 'a) (whole: 'a -> bool) =
        let attempt (bytes: byte[]) =
            use input = openBytes ("fuzz", bytes)

            try
                Some(read input)
            with :? InvalidDataException ->
                None

        let measured bytes =
            let before = GC.GetAllocatedBytesForCurrentThread()
            let result = attempt bytes
            result, GC.GetAllocatedBytesForCurrentThread() - before

        seeds
        |> Array.iter (fun seed -> Assert.True((attempt seed).IsSome, "an undamaged file was refused"))

        let mutable accepted = 0

        for i in 0..2499 do
            let bytes = mutant seeds i
            let justified = 100_000L + 64L * unzipped bytes
            let result, first = measured bytes
            // What the runtime loads once, such as the text of a new kind of error, is gone from a second reading.
            let allocated = if first <= justified then first else snd (measured bytes)
            Assert.True(allocated <= justified, $"mutant {i} of {bytes.Length} bytes allocated {allocated}")

            match result with
            | Some value ->
                accepted <- accepted + 1
                Assert.True(whole value, $"mutant {i} was half read")
            | None -> ()

        // Damage that goes unnoticed everywhere, or nowhere, would say that this test looks at nothing.
        Assert.InRange(accepted, 1, 2499)

type FuzzTests() =
    let product (shape: int[]) =
        Array.fold (fun total size -> total * int64 size) 1L shape

    let wholeArray (array: NamedArray) =
        int64 array.Bytes.Length = product array.Shape * int64 (DType.size array.DType)

    let idx =
        [|
            Idx.encode
                {
                    Element = IdxElement.UInt8
                    Shape = [| 3; 5; 7 |]
                    Bytes = Array.init 105 byte
                }
            Idx.encode
                {
                    Element = IdxElement.Float32
                    Shape = [| 6 |]
                    Bytes = Array.init 24 byte
                }
        |]

    [<Fact>]
    member _.``damaged IDX files``() =
        Fuzz.survive Input.OfBytes (Array.append idx (Array.map Golden.gzip idx)) Idx.parse (fun array ->
            (Idx.toFloat32 array).LongLength = product array.Shape)

    [<Fact>]
    member _.``damaged CSV files``() =
        let text =
            [
                "a,b,label\n1,2,x\n3,4.5e3,y\n\"5\",6,x\n"
                "1,2\r\n3,4\r\n5,6\r\n"
                "1\n2\n3\n"
            ]

        let plain = text |> List.map Encoding.UTF8.GetBytes |> Array.ofList

        Fuzz.survive Input.OfBytes (Array.append plain (Array.map Golden.gzip plain)) (Csv.parse Csv.defaults "fuzz") (fun set ->
            set.Count > 0
            && set.Features.Length = set.Count * set.RowSize
            && Array.forall Single.IsFinite set.Features
            && set.Labels |> Option.forall (fun labels -> labels.Length = set.Count))

    [<Fact>]
    member _.``damaged npz files``() =
        use small = new MemoryStream()

        Npz.encode
            [
                NamedArray.ofFloat32 "w" [| 2; 3 |] (Array.init 6 float32)
                NamedArray.ofInt32 "n" [||] [| 1 |]
            ]
            small

        Fuzz.survive
            Input.OfStoredBytes
            [| small.ToArray(); File.ReadAllBytes(Golden.path "numpy.npz") |]
            Npz.parse
            (Array.forall (fun entry -> wholeArray entry.Array))

    [<Fact>]
    member _.``damaged safetensors files``() =
        use small = new MemoryStream()

        Safetensors.encode
            {
                Arrays =
                    [|
                        NamedArray.ofFloat64 "layer.0.weight" [| 2; 3 |] (Array.init 6 float)
                        NamedArray.ofInt32 "step" [||] [| 1 |]
                    |]
                Metadata = Map [ "model", "vae"; "version", "1" ]
            }
            small

        Fuzz.survive Input.OfStoredBytes [| small.ToArray() |] Safetensors.parse (fun file -> Array.forall wholeArray file.Arrays)
