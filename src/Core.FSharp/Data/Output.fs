namespace Functional.Core

open System
open System.IO

/// Files are written whole or not at all.
[<RequireQualifiedAccess>]
module Output =
    /// Writes a file atomically: to a temporary file in the same folder, flushed to the disk, then renamed over `path`.
    /// A reader, or a crash at any moment, meets the old file or the new one, never a part. Creates the folder when missing.
    let atomically (path: string) (write: Stream -> unit) =
        let path = Path.GetFullPath path
        let folder = Path.GetDirectoryName path |> Option.ofObj |> Option.defaultValue "."
        Directory.CreateDirectory folder |> ignore

        let temporary =
            Path.Combine(folder, $".{Path.GetFileName path}.{Guid.NewGuid():N}.tmp")

        try
            using (new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite)) (fun stream ->
                write stream
                stream.Flush true)

            File.Move(temporary, path, true)
        finally
            // Gone already when the rename was reached.
            File.Delete temporary
