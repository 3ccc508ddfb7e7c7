namespace Functional.Core.Tests

open Functional.Core
open Xunit

type KeyTests() =
    static let words key =
        let struct (low, high) = Key.words key
        low, high

    /// A key of its own for each test.
    static let key = Key.ofSeed 20261121L

    [<Fact>]
    member _.``Threefry gives the published answers``() =
        // Salmon, Moraes, Dror, Shaw 2011: known-answer vectors of threefry2x32 with 20 rounds.
        let vectors =
            [
                (0u, 0u), (0u, 0u), (0x6b200159u, 0x99ba4efeu)
                (0xffffffffu, 0xffffffffu), (0xffffffffu, 0xffffffffu), (0x1cb996fcu, 0xbb002be7u)
                (0x13198a2eu, 0x03707344u), (0x243f6a88u, 0x85a308d3u), (0xc4923a9cu, 0x483df7a0u)
            ]

        for (k0, k1), (c0, c1), expected in vectors do
            let struct (low, high) = Threefry.block (struct (k0, k1)) c0 c1
            Assert.Equal(expected, (low, high))

    [<Fact>]
    member _.``seeds are their own words``() =
        Assert.Equal((0u, 7u), words (Key.ofSeed 7L))
        Assert.Equal((1u, 0u), words (Key.ofSeed 4294967296L))
        Assert.Equal((0xffffffffu, 0xffffffffu), words (Key.ofSeed -1L))

    [<Fact>]
    member _.``children of a key are Threefry's blocks in streams of their own``() =
        let struct (low, high) = Threefry.split (Key.words key) 3
        Assert.Equal((low, high), words (List.item 3 (Key.split 5 key)))
        let struct (low, high) = Threefry.foldIn (Key.words key) -7
        Assert.Equal((low, high), words (Key.foldIn -7 key))

        let asTensor = Key.foldInTensor (Tensor.ofInt32s [] [| -7 |]) key

        Assert.Equal((low, high), words asTensor)

    [<Fact>]
    member _.``all descendants of a key differ``() =
        let children = Key.split 200 key
        let folded = [ for data in -50 .. 149 -> Key.foldIn data key ]
        let grandchildren = children |> List.truncate 20 |> List.collect (Key.split 10)
        let all = key :: children @ folded @ grandchildren |> List.map words
        Assert.Equal(601, (List.distinct all).Length)

    [<Fact>]
    member _.``splitting into more keys does not change the first ones``() =
        Assert.Equal<(uint32 * uint32) list>(Key.split 3 key |> List.map words, Key.split 9 key |> List.truncate 3 |> List.map words)
        let a, b = Key.pair key
        Assert.Equal<(uint32 * uint32) list>(Key.split 2 key |> List.map words, [ words a; words b ])

    [<Fact>]
    member _.``element i of a draw depends on the key and i alone``() =
        for dtype in [ Float32; Float64 ] do
            for draw in [ Sample.uniform; Sample.normal ] do
                let long = (draw key dtype [ 1000 ]).ToFloat64s()

                for shape in [ [ 1 ]; [ 17 ]; [ 7; 31 ]; [ 999 ] ] do
                    let some = (draw key dtype shape).ToFloat64s()
                    Assert.Equal<float[]>(long[.. some.Length - 1], some)

    [<Fact>]
    member _.``the same key draws the same, another key another``() =
        let draw key =
            (Sample.uniform key Float32 [ 100 ]).ToFloat64s()

        Assert.Equal<float[]>(draw key, draw (Key.ofSeed 20261121L))
        Assert.NotEqual<float[]>(draw key, draw (Key.ofSeed 20261122L))
