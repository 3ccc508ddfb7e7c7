namespace Functional.Workloads

open System
open System.Threading

/// A step that has been made ready.
type Prepared =
    {
        /// The rows that it works on.
        Images: int
        Step: unit -> float
        /// Gives back what it needed.
        Close: unit -> unit
    }

/// A step in several sizes, to see how its time grows.
type GrowthLine =
    {
        Name: string
        /// What the sizes count.
        Axis: string
        /// From the least to the largest.
        Sizes: int list
        /// What the time beyond a fixed part should be proportional to, of a size; any unit.
        Work: int -> float
        /// Why the line bends where it does.
        Bend: string
        /// On so many threads, in that size.
        Prepare: int -> int -> Prepared
    }

/// How long a step of one size took.
type GrowthPoint =
    {
        Size: int
        Images: int
        /// The median of a step.
        Ms: float
        /// Resident memory of the whole process after the last step.
        ResidentMb: float
    }

    member point.MsPerImage = point.Ms / float point.Images

/// How a step's time grows.
type Grown =
    {
        Line: GrowthLine
        Points: GrowthPoint list
        /// The straight line that is nearest, in parts of each time, to the points after the first: milliseconds of a step without any work ...
        FixedMs: float
        /// ... and for each unit of work.
        MsPerWork: float
    }

    /// What the straight line says of a size.
    member grown.Expected(size: int) =
        grown.FixedMs + grown.MsPerWork * grown.Line.Work size

    /// How far the points after the first are from the straight line at most, in parts of it.
    member grown.Deviation =
        grown.Points.Tail
        |> List.fold (fun most point -> max most (abs (point.Ms / grown.Expected point.Size - 1.0))) 0.0

[<RequireQualifiedAccess>]
module Growth =
    let private roundSeconds = 0.3

    /// The a and b for which the sum of ((a + b·work)/time − 1)² is least; a is 0 where there are not points enough to tell.
    let straight (points: (float * float) list) : float * float =
        let sum f =
            points |> List.sumBy (fun (work, time) -> f (1.0 / time) (work / time))

        let uu, uv, vv =
            sum (fun u _ -> u * u), sum (fun u v -> u * v), sum (fun _ v -> v * v)

        let u, v = sum (fun u _ -> u), sum (fun _ v -> v)

        if points.Length < 3 then
            0.0, v / vv
        else
            let determinant = uu * vv - uv * uv
            (u * vv - v * uv) / determinant, (v * uu - u * uv) / determinant

    let private measure threads rounds (line: GrowthLine) (size: int) : GrowthPoint =
        let prepared = line.Prepare threads size

        let time =
            List.init rounds (fun _ -> Timing.measure roundSeconds prepared.Step)
            |> Timing.median

        let resident = float Environment.WorkingSet / 1e6
        prepared.Close()
        // What a step holds outside of the managed heap goes with its finalizers.
        GC.Collect()
        GC.WaitForPendingFinalizers()

        {
            Size = size
            Images = prepared.Images
            Ms = time
            ResidentMb = resident
        }

    /// Measures a line, the median of so many rounds at each size.
    let run (threads: int) (rounds: int) (report: string -> unit) (cancellation: CancellationToken) (line: GrowthLine) : Grown =
        let points =
            [
                for size in line.Sizes do
                    cancellation.ThrowIfCancellationRequested()
                    let point = measure threads rounds line size
                    report $"{line.Name} {size}: {point.Ms:G4} ms a step, {1e3 * point.MsPerImage:G4} µs an image"
                    point
            ]

        let pairs = points |> List.map (fun point -> line.Work point.Size, point.Ms)
        let fixedMs, msPerWork = straight (if pairs.Length > 3 then pairs.Tail else pairs)

        {
            Line = line
            Points = points
            FixedMs = fixedMs
            MsPerWork = msPerWork
        }
