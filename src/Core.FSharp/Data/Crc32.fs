namespace Functional.Core

open System

/// The 32-bit cyclic redundancy check of PNG, zip and gzip: reflected polynomial EDB88320 (ISO 3309).
[<RequireQualifiedAccess>]
module Crc32 =
    let private table =
        let step c =
            if c &&& 1u = 1u then 0xEDB88320u ^^^ (c >>> 1) else c >>> 1

        Array.init 256 (fun n -> Seq.fold (fun c _ -> step c) (uint32 n) (seq { 1..8 }))

    /// The check word of `bytes`.
    let compute (bytes: ReadOnlySpan<byte>) =
        let mutable c = 0xFFFFFFFFu

        for b in bytes do
            c <- table[int ((c ^^^ uint32 b) &&& 0xFFu)] ^^^ (c >>> 8)

        ~~~c
