namespace Functional.Workloads

open System
open System.IO
open System.Runtime.InteropServices
open System.Threading
open Functional.Core
open Functional.Core.Engines

/// Epochs of training on rows that stay in a file.
[<RequireQualifiedAccess>]
module internal StreamedRows =
    let private width = 16

    /// A file of so many rows. The same rows come again and again: time does not depend on what they are.
    let private write (path: string) (count: int) =
        let repeated = min count 4096

        let numbers =
            Array.init (repeated * width) (fun i -> Threefry.uniform (Threefry.ofSeed 1L) (int64 i))

        let header =
            Npy.encode
                {
                    Name = "rows"
                    DType = Float32
                    Shape = [| count; width |]
                    Bytes = [||]
                }

        use file = File.Create path
        file.Write(ReadOnlySpan header)

        for first in 0..repeated .. count - 1 do
            let rows = min repeated (count - first)
            file.Write(MemoryMarshal.AsBytes(ReadOnlySpan(numbers, 0, rows * width)))

    /// Trains for one epoch more.
    let private epoch (training: Training<Autoencoder>) : float =
        use source = new CancellationTokenSource()
        let mutable loss = nan

        let observer =
            { new TrainingObserver with
                member _.OnStep _ = ()

                member _.OnEpoch report =
                    loss <- snd report.Metrics[0]
                    source.Cancel()

                member _.OnRollback _ = ()
            }

        training.Run(observer, source.Token) |> ignore
        loss

    /// An epoch of an autoencoder of 16-8-16 in batches of 1000 on so many rows, as a step.
    let prepare (threads: int) (count: int) : Prepared =
        let path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.npy")
        write path count

        let training =
            Training(
                Cpu.create { Cpu.defaults with Threads = threads },
                Autoencoder.objective Intact,
                { TrainingOptions.defaults with
                    Epochs = Int32.MaxValue
                    BatchSize = 1000
                },
                Autoencoder.create (AutoencoderShape.dense width [ 8 ]) (Key.ofSeed 0L),
                Npy.rowsOf "rows" path,
                None
            )

        {
            Images = count
            Step = fun () -> epoch training
            Close = fun () -> File.Delete path
        }
