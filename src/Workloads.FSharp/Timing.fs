namespace Functional.Workloads

open System.Diagnostics

/// Taking the time of steps.
[<RequireQualifiedAccess>]
module Timing =
    /// The middle one of a list that is not empty, or the mean of the two around the middle.
    let median (values: float list) : float =
        let sorted = List.sort values
        let middle = sorted.Length / 2

        if sorted.Length % 2 = 1 then
            sorted[middle]
        else
            0.5 * (sorted[middle - 1] + sorted[middle])

    /// Milliseconds of each step until `seconds` are over, at least `least` of them.
    let private times (least: int) (seconds: float) (step: unit -> float) : float list =
        let watch = Stopwatch.StartNew()

        [
            let mutable count = 0

            while count < least || watch.Elapsed.TotalSeconds < seconds do
                let start = watch.Elapsed
                step () |> ignore
                count <- count + 1
                (watch.Elapsed - start).TotalMilliseconds
        ]

    /// The median time of a step in milliseconds, over `seconds` and five steps at least. A third of that time goes by before: the first
    /// steps compile, and wake the threads.
    let measure (seconds: float) (step: unit -> float) : float =
        times 2 (seconds / 3.0) step |> ignore
        times 5 seconds step |> median
