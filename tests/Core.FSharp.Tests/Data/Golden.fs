/// Files that other software wrote, beside the test assembly, and a folder that a test may fill.
module Functional.Core.Tests.Golden

open System
open System.IO

let path name =
    Path.Combine(AppContext.BaseDirectory, "golden", name)

/// Runs `test` with a fresh folder, which is removed afterwards.
let inFolder (test: string -> unit) =
    let folder = Directory.CreateTempSubdirectory("functional-").FullName

    try
        test folder
    finally
        Directory.Delete(folder, true)

/// `bytes` as one gzip member.
let gzip (bytes: byte[]) =
    use packed = new MemoryStream()

    using (new Compression.GZipStream(packed, Compression.CompressionLevel.Optimal, true)) (fun stream ->
        stream.Write(bytes, 0, bytes.Length))

    packed.ToArray()
