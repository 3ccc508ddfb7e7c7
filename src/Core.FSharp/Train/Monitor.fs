namespace Functional.Core

open System

/// Whether less or more of a watched number is better.
type MonitorMode =
    | Min
    | Max
    /// By the number's name: see `Monitor.isMore`.
    | Auto

/// A number of each epoch that is watched for getting better.
type Monitor =
    {
        /// The number's name, such as val_loss.
        Metric: string
        Mode: MonitorMode
        /// By more than this a number must be better to count as better: 0 or more.
        MinDelta: float
    }

[<RequireQualifiedAccess>]
module Monitor =
    /// The least val_loss.
    let defaults =
        {
            Metric = "val_loss"
            Mode = Auto
            MinDelta = 0.0
        }

    let private moreIsBetter =
        [ "acc"; "likelihood"; "explained_variance"; "psnr"; "active_units" ]

    /// Whether more is better. Auto takes more of accuracies, likelihoods, explained variance, signal-to-noise ratios and active units,
    /// and less of everything else, negative_log_likelihood included.
    let isMore (monitor: Monitor) =
        match monitor.Mode with
        | Min -> false
        | Max -> true
        | Auto ->
            let says (part: string) = monitor.Metric.Contains part
            List.exists says moreIsBetter && not (says "negative")

    /// Whether `value` is better than `reference` by more than the least difference. A finite number is better than none, and
    /// what is not finite is never better.
    let isBetter (monitor: Monitor) (reference: float option) (value: float) =
        match reference with
        | None -> Double.IsFinite value
        | Some reference when isMore monitor -> value - monitor.MinDelta > reference
        | Some reference -> value + monitor.MinDelta < reference
