/// Times training steps and prints a JSON object a line: workload, median_ms, min_ms, runs, threads.
/// Arguments: --threads N, then names of workloads (all when none is given).
module Functional.Bench.Program

open System
open System.Diagnostics
open System.Globalization
open Functional.Core.Engines
open Functional.Bench.Workloads

let private time (step: Step) runs warmup =
    for _ in 1..warmup do
        step () |> ignore

    let times =
        [|
            for _ in 1..runs do
                let watch = Stopwatch.StartNew()
                step () |> ignore
                watch.Elapsed.TotalMilliseconds
        |]
        |> Array.sort

    times[times.Length / 2], times[0]

[<EntryPoint>]
let main arguments =
    let threads, names =
        match List.ofArray arguments with
        | "--threads" :: n :: names -> int n, names
        | names -> Environment.ProcessorCount, names

    let engine = Cpu.create { Cpu.defaults with Threads = threads }

    let number (x: float) =
        x.ToString("F3", CultureInfo.InvariantCulture)

    for name, make, runs, warmup in all do
        if names.IsEmpty || List.contains name names then
            let median, least = time (make engine) runs warmup

            printfn
                $"{{\"workload\": \"{name}\", \"median_ms\": {number median}, \"min_ms\": {number least}, \"runs\": {runs}, \"threads\": {threads}}}"

    0
