namespace Functional.Core

open Functional.Core.Graph

/// The source of randomness: two 32-bit words, used once. Whoever needs several draws splits a key or folds a number into it; the same
/// key gives the same numbers on every machine, at any number of threads.
type Key = { Words: Tensor }

[<RequireQualifiedAccess>]
module Key =
    let internal ofWords (struct (k0: uint32, k1: uint32)) =
        {
            Words = Tensor.ofInt32s [ 2 ] [| int k0; int k1 |]
        }

    /// The key of a seed.
    let ofSeed (seed: int64) = ofWords (Threefry.ofSeed seed)

    /// The two words, for draws outside of tensors.
    let words (key: Key) : struct (uint32 * uint32) =
        let words = key.Words.ToInt32s()
        struct (uint32 words[0], uint32 words[1])

    /// `n` keys that are independent of one another and of draws from `key`.
    let split (n: int) (key: Key) : Key list =
        let children =
            Tensor.make (Fold(int Threefry.SplitStream)) [ key.Words; Tensor.arange n ]

        [ for i in 0 .. n - 1 -> { Words = Tensor.at 0 i children } ]

    /// Two keys.
    let pair (key: Key) =
        match split 2 key with
        | [ a; b ] -> a, b
        | _ -> Errors.state "Key.pair" "another number of keys" "two" ""

    /// A key that depends on `key` and on an int32 scalar, such as a step or a layer's number.
    let foldInTensor (data: Tensor) (key: Key) =
        let child =
            Tensor.make (Fold(int Threefry.FoldStream)) [ key.Words; Tensor.reshape [ 1 ] data ]

        { Words = Tensor.reshape [ 2 ] child }

    /// A key that depends on `key` and on a number.
    let foldIn (data: int) (key: Key) =
        // As data, not as a constant: programs that differ in the number alone are one program.
        foldInTensor (Tensor.ofInt32s [] [| data |]) key
