namespace Functional.Core

open System.Numerics

/// Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC11):
/// a keyed bijection of a 64-bit counter. This scalar form is the definition; the kernels compute the same words in vectors.
[<RequireQualifiedAccess>]
module Threefry =
    let private parity = 0x1BD11BDAu
    let private rotations = [| 13; 15; 26; 6; 17; 29; 16; 24 |]

    /// The two words of the block at counter (c0, c1) under the key (k0, k1).
    let block (struct (k0: uint32, k1: uint32)) (c0: uint32) (c1: uint32) : struct (uint32 * uint32) =
        let k2 = parity ^^^ k0 ^^^ k1

        let inline key i =
            match i % 3 with
            | 0 -> k0
            | 1 -> k1
            | _ -> k2

        let mutable x0 = c0 + k0
        let mutable x1 = c1 + k1

        for round in 0..19 do
            x0 <- x0 + x1
            x1 <- BitOperations.RotateLeft(x1, rotations[round % 8]) ^^^ x0

            if round % 4 = 3 then
                let injection = round / 4 + 1
                x0 <- x0 + key injection
                x1 <- x1 + key (injection + 1) + uint32 injection

        struct (x0, x1)

    /// Counter word 1 tells apart the uses of one key: draws, children of a split, and folded-in data.
    [<Literal>]
    let DrawStream = 0u

    [<Literal>]
    let SplitStream = 1u

    [<Literal>]
    let FoldStream = 2u

    /// Element `i` of a draw of 32-bit words. Blocks serve 32 elements at a time: word 0 of blocks 16c..16c+15 gives
    /// elements 32c..32c+15, word 1 gives elements 32c+16..32c+31, so that a vector of blocks fills contiguous elements.
    let word key (i: int64) : uint32 =
        let chunk, lane = i / 32L, int (i % 32L)

        let struct (low, high) =
            block key (uint32 (chunk * 16L + int64 (lane % 16))) DrawStream

        if lane < 16 then low else high

    /// A number in [0, 1) with 24 random bits, as float32 draws it.
    let uniform key i =
        float32 (word key i >>> 8) * 5.9604645e-8f

    /// Two 32-bit words for element `i` of a draw of 64-bit values: its own block.
    let words key (i: int64) = block key (uint32 i) DrawStream

    /// A number in [0, 1) with 53 random bits, as float64 draws it.
    let uniform64 key i =
        let struct (low, high) = words key i

        float ((uint64 high <<< 21) ^^^ (uint64 low >>> 11))
        * (1.0 / 9007199254740992.0)

    /// The standard normal of element `i` as float32 draws it, computed in float64: Box–Muller on the block's two words.
    /// Elements 32c..32c+15 take r cos θ and 32c+16..32c+31 take r sin θ, with r = √(−2 ln((w₀ + ½)/2³²)) and θ = 2π(w₁ + ½)/2³².
    let normal key (i: int64) =
        let chunk, lane = i / 32L, int (i % 32L)

        let struct (low, high) =
            block key (uint32 (chunk * 16L + int64 (lane % 16))) DrawStream

        let radius = sqrt (-2.0 * log ((float low + 0.5) / 4294967296.0))
        let angle = 2.0 * System.Math.PI * (float high + 0.5) / 4294967296.0
        if lane < 16 then radius * cos angle else radius * sin angle

    /// The standard normal of element `i` as float64 draws it: r cos θ of the element's own block, as above.
    let normal64 key (i: int64) =
        let struct (low, high) = words key i

        sqrt (-2.0 * log ((float low + 0.5) / 4294967296.0))
        * cos (2.0 * System.Math.PI * (float high + 0.5) / 4294967296.0)

    /// Child `i` of a key.
    let split key (i: int) = block key (uint32 i) SplitStream

    /// A key that depends on `key` and on `data`.
    let foldIn key (data: int) = block key (uint32 data) FoldStream

    /// The key of a seed.
    let ofSeed (seed: int64) : struct (uint32 * uint32) =
        struct (uint32 (uint64 seed >>> 32), uint32 seed)

    /// The numbers 0..n−1 in an order that depends on the key alone: sorted by 32 random bits, ties by position.
    let permutation key (n: int) : int[] =
        let keys = Array.init n (fun i -> (uint64 (word key (int64 i)) <<< 32) ||| uint64 i)
        System.Array.Sort keys
        keys |> Array.map (fun k -> int (uint32 k))
