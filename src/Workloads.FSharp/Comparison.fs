namespace Functional.Workloads

open System
open System.Threading
open Functional.Core.Engines

/// How workloads are timed.
type ComparisonOptions =
    {
        Threads: int
        /// How often each is timed; the medians of all rounds count.
        Rounds: int
        /// Timed in turn with ours.
        Peer: Peer option
        /// Whether the peer must show that it does the same work.
        Check: bool
        Report: string -> unit
        Cancellation: CancellationToken
    }

/// A workload's times for a step.
type Measured =
    {
        Workload: Workload
        OursMs: float
        PeerMs: float option
    }

    /// Ours over the peer's.
    member measured.Ratio =
        measured.PeerMs |> Option.map (fun peer -> measured.OursMs / peer)

    /// Ours over the least possible.
    member measured.TimesLeast =
        measured.Workload.LeastMs |> Option.map (fun least -> measured.OursMs / least)

[<RequireQualifiedAccess>]
module Comparison =
    /// Seconds that steps of ours are timed for, in each round.
    let private roundSeconds = 1.5

    /// Three rounds on so many threads, without a peer, silent.
    let defaults threads =
        {
            Threads = threads
            Rounds = 3
            Peer = None
            Check = true
            Report = ignore
            Cancellation = CancellationToken.None
        }

    let private check (options: ComparisonOptions) engine (workloads: Workload list) (peer: Peer) =
        options.Report "comparing what the steps of both come to"
        let trials = Peer.attempt peer (workloads |> List.map _.Name)

        for workload, trial in List.zip workloads trials do
            options.Cancellation.ThrowIfCancellationRequested()
            Agreement.check workload.Name (workload.Try engine) trial

    let private measure (options: ComparisonOptions) engine (workload: Workload) : Measured =
        let step = workload.Prepare engine

        let round number =
            options.Cancellation.ThrowIfCancellationRequested()
            let ours = Timing.measure roundSeconds step
            let peers = options.Peer |> Option.map (fun peer -> Peer.measure peer workload.Name)

            let beside =
                match peers with
                | Some time -> $", peer {time:F3} ms"
                | None -> ""

            options.Report $"{workload.Name}, round {number} of {options.Rounds}: ours {ours:F3} ms{beside}"
            ours, peers

        let ours, peers = List.init options.Rounds ((+) 1 >> round) |> List.unzip

        {
            Workload = workload
            OursMs = Timing.median ours
            PeerMs = options.Peer |> Option.map (fun _ -> peers |> List.choose id |> Timing.median)
        }

    /// Each workload's times, ours and the peer's in turn: ours, peer, ours, peer, ... Errors: state, when the peer fails or does other work.
    let run (options: ComparisonOptions) (workloads: Workload list) : Measured list =
        let engine =
            Cpu.create
                { Cpu.defaults with
                    Threads = options.Threads
                }

        try
            if options.Check then
                options.Peer |> Option.iter (check options engine workloads)

            workloads |> List.map (measure options engine)
        with _ when options.Cancellation.IsCancellationRequested ->
            // An interrupt from the terminal ends the peer too: that is no failure of its own.
            raise (OperationCanceledException options.Cancellation)
