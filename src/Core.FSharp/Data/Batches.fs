namespace Functional.Core

open System

/// How rows are dealt into batches.
type BatchOptions =
    {
        /// Rows in a batch, 1 or more.
        Size: int
        /// Whether each epoch has its own order.
        Shuffle: bool
        /// Whether a last batch with fewer rows is left out.
        DropLast: bool
    }

/// The batches of one epoch: an order of the rows that depends on the key and the epoch's number alone, so that a resumed training goes
/// on where it stopped.
[<Sealed>]
type Epoch internal (set: Dataset, options: BatchOptions, order: RowOrder) =
    /// Batches.
    member _.Count =
        if options.DropLast then
            set.Count / options.Size
        else
            (set.Count + options.Size - 1) / options.Size

    /// Rows in batch `batch`: `Size`, or fewer in the last.
    member epoch.RowsOf batch =
        if batch < 0 || batch >= epoch.Count then
            Errors.option "batch" $"{batch}" $"0 to {epoch.Count - 1}" ""

        min options.Size (set.Count - batch * options.Size)

    /// The rows of the set that make up batch `batch`, in order; valid until another batch is asked for.
    member epoch.Indices batch =
        order.Invoke(batch * options.Size, epoch.RowsOf batch)

    /// Copies the batch's rows to the start of `destination`, without allocating, and gives their number.
    member epoch.Fill(batch: int, destination: Span<float32>) : int =
        let size, rows = set.RowSize, epoch.RowsOf batch

        if destination.Length < rows * size then
            Errors.shape "Epoch.Fill" $"room for {destination.Length} numbers" $"{rows * size}" ""

        let indices = epoch.Indices(batch).Span

        match set.File with
        | Some file ->
            for i in 0 .. rows - 1 do
                file.CopyRow(indices[i], destination.Slice(i * size, size))
        | None -> Functional.Kernels.Rows.Copy(set.Features, size, indices, rows, destination)

        rows

    member private epoch.FillFrom(what: string, values: 'T[] option, batch: int, destination: Span<'T>) : int =
        let rows = epoch.RowsOf batch

        match values with
        | None -> Errors.state $"Epoch.Fill{what}" $"no {what.ToLowerInvariant()} in {set.Name}" "a set with them" ""
        | Some values ->
            if destination.Length < rows then
                Errors.shape $"Epoch.Fill{what}" $"room for {destination.Length}" $"{rows}" ""

            let indices = epoch.Indices(batch).Span

            for i in 0 .. rows - 1 do
                destination[i] <- values[indices[i]]

            rows

    /// Copies the batch's labels to the start of `destination`, without allocating, and gives their number.
    /// Errors: state, when the set has no labels.
    member epoch.FillLabels(batch: int, destination: Span<int32>) : int =
        epoch.FillFrom("Labels", set.Labels, batch, destination)

    /// Copies the batch's weights to the start of `destination`, without allocating, and gives their number.
    /// Errors: state, when the set has no weights.
    member epoch.FillWeights(batch: int, destination: Span<float32>) : int =
        epoch.FillFrom("Weights", set.Weights, batch, destination)

/// Dealing a set's rows into batches.
[<RequireQualifiedAccess>]
module Batches =
    /// 100 rows, shuffled, with a last short batch.
    let defaults =
        {
            Size = 100
            Shuffle = true
            DropLast = false
        }

    /// The batches of epoch number `epoch`. Errors: option, when the size is below 1 or no batch would be left.
    let epoch (options: BatchOptions) key (epoch: int) (set: Dataset) =
        if options.Size < 1 then
            Errors.option "batch-size" $"{options.Size}" "1 or more" ""

        if options.DropLast && options.Size > set.Count then
            Errors.option "batch-size" $"{options.Size}" $"at most {set.Count}, the rows of {set.Name}" "or keep the last short batch"

        let order =
            match set.File with
            | _ when not options.Shuffle -> RowOrder.given ()
            | None -> RowOrder.shuffled (Threefry.foldIn key epoch) set.Count
            | Some file -> RowOrder.shuffledBlocks (Threefry.foldIn key epoch) file.BlockRows set.Count

        Epoch(set, options, order)
