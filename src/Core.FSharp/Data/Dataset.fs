namespace Functional.Core

open System
open System.Runtime.InteropServices
open System.Security.Cryptography

/// Where the rows of a set are.
[<RequireQualifiedAccess>]
type private Rows =
    | Memory of features: float32[]
    | File of RowFile

/// An immutable set of rows of one shape, with labels when it has them, and where it came from. Nobody writes into its arrays.
[<ReferenceEquality>]
type Dataset =
    private
        {
            name: string
            shape: int[]
            rows: Rows
            labels: int32[] option
            weights: float32[] option
            classes: string[] option
            sha256: string
            source: string
        }

    /// What the set is called: letters, mnist, a file's name.
    member set.Name = set.name

    /// The shape of one row: [28; 28] for an image, [2] for a point.
    member set.Shape = set.shape

    /// All rows, one after the other, each in row-major order. Errors: state, when they stay in a file.
    member set.Features =
        match set.rows with
        | Rows.Memory features -> features
        | Rows.File file -> Errors.state set.name $"rows that stay in the file {file.Path}" "rows in memory" "load it as a whole"

    /// The file that the rows stay in, of a set that is not in memory.
    member set.File =
        match set.rows with
        | Rows.Memory _ -> None
        | Rows.File file -> Some file

    /// One label a row: 0, 1, ... into `Classes` when those are known.
    member set.Labels = set.labels

    /// How much each row counts in training, 0 or more, where rows differ in that.
    member set.Weights = set.weights

    /// The names of the classes, by label.
    member set.Classes = set.classes

    /// SHA-256 of the files that the rows were read from, or of the rows where they were computed; 64 hexadecimal digits.
    member set.Sha256 = set.sha256

    /// Where the rows came from, in words.
    member set.Source = set.source

    /// Numbers in one row.
    member set.RowSize = Array.fold (*) 1 set.shape

    /// Rows.
    member set.Count =
        match set.rows with
        | Rows.Memory features -> features.Length / set.RowSize
        | Rows.File file -> file.Count

/// Making, cutting and joining sets of rows.
[<RequireQualifiedAccess>]
module Dataset =
    let private verify (set: Dataset) =
        let size = Array.fold (fun product size -> product * int64 size) 1L set.shape

        if set.shape |> Array.exists (fun s -> s < 1) then
            Errors.shape "Dataset.create" $"rows of shape {Errors.show set.shape}" "sizes of 1 or more" ""

        match set.rows with
        | Rows.Memory features when int64 features.Length % size <> 0L ->
            Errors.shape "Dataset.create" $"{features.Length} numbers" $"a multiple of {size}, the size of a row {Errors.show set.shape}" ""
        | _ -> ()

        match set.labels with
        | Some labels when labels.Length <> set.Count ->
            Errors.shape "Dataset.create" $"{labels.Length} labels" $"{set.Count}, one for each row" ""
        | _ -> ()

        match set.weights with
        | Some weights when
            weights.Length <> set.Count
            || weights |> Array.exists (fun w -> not (w >= 0f && w < infinityf))
            ->
            Errors.shape "Dataset.create" $"{weights.Length} weights" $"{set.Count} finite numbers of 0 or more, one for each row" ""
        | _ -> ()

        match set.labels, set.classes with
        | Some labels, Some classes when labels |> Array.exists (fun l -> l < 0 || l >= classes.Length) ->
            Errors.shape
                "Dataset.create"
                $"labels from {Array.min labels} to {Array.max labels}"
                $"0 to {classes.Length - 1}, the classes"
                ""
        | _ -> ()

        set

    let private ofRows name (shape: int[]) rows =
        verify
            {
                name = name
                shape = Array.copy shape
                rows = rows
                labels = None
                weights = None
                classes = None
                sha256 = ""
                source = ""
            }

    /// A set of rows of `shape` that lie one after the other in `features` (taken over, not copied).
    /// Errors: shape, when the numbers do not make whole rows.
    let create name (shape: int[]) (features: float32[]) =
        ofRows name shape (Rows.Memory features)

    /// A set whose rows, of `shape`, stay in a file; they are read while it is trained on.
    let internal ofFile name (shape: int[]) (file: RowFile) = ofRows name shape (Rows.File file)

    /// The set with a label for each row. Errors: shape, when their number differs or one lies outside the classes.
    let withLabels labels (set: Dataset) =
        verify { set with labels = Some labels }

    /// The set with a weight for each row: how much it counts in training, 0 or more.
    /// Errors: shape, when their number differs or one is negative or not finite.
    let withWeights weights (set: Dataset) =
        verify { set with weights = Some weights }

    /// The set with names for its classes. Errors: shape, when a label lies outside them.
    let withClasses classes (set: Dataset) =
        verify { set with classes = Some classes }

    /// The set with its provenance: the source in words and the SHA-256 of its bytes.
    let withSource source sha256 (set: Dataset) =
        { set with
            source = source
            sha256 = sha256
        }

    /// SHA-256 of the rows, labels and weights themselves (little-endian), for sets that no file holds.
    let contentHash (set: Dataset) =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256
        hash.AppendData(MemoryMarshal.AsBytes(ReadOnlySpan set.Features))

        set.labels
        |> Option.iter (fun labels -> hash.AppendData(MemoryMarshal.AsBytes(ReadOnlySpan labels)))

        set.weights
        |> Option.iter (fun weights -> hash.AppendData(MemoryMarshal.AsBytes(ReadOnlySpan weights)))

        Convert.ToHexStringLower(hash.GetHashAndReset())

    /// The set with other numbers in the same places: `change` is given the place among all numbers, and the number there.
    let map (change: int -> float32 -> float32) (set: Dataset) =
        { set with
            rows = Rows.Memory(Array.mapi change set.Features)
        }

    /// The set with each row as `change` makes it, of `shape`. Errors: shape, when the numbers do not make rows of that shape.
    let mapRows (shape: int[]) (change: float32[] -> float32[]) (set: Dataset) =
        let size = set.RowSize

        verify
            { set with
                shape = Array.copy shape
                rows =
                    Array.init set.Count (fun i -> change (Array.sub set.Features (i * size) size))
                    |> Array.concat
                    |> Rows.Memory
            }

    /// Row `i`, without a copy.
    let row i (set: Dataset) =
        ReadOnlyMemory(set.Features, i * set.RowSize, set.RowSize)

    /// Rows start .. start + count − 1. Errors: option, when the set has not so many.
    let slice start count (set: Dataset) =
        if start < 0 || count < 0 || start > set.Count - count then
            Errors.option "slice" $"rows {start} to {start + count - 1}" $"rows within 0 to {set.Count - 1}" ""

        { set with
            rows = Rows.Memory(Array.sub set.Features (start * set.RowSize) (count * set.RowSize))
            labels = set.labels |> Option.map (fun labels -> Array.sub labels start count)
            weights = set.weights |> Option.map (fun weights -> Array.sub weights start count)
        }

    /// The first `count` rows, or all when there are fewer.
    let take count (set: Dataset) = slice 0 (min count set.Count) set

    /// The rows named by `indices`, in that order.
    let gather (indices: int[]) (set: Dataset) =
        let size = set.RowSize
        let features = Array.zeroCreate (indices.Length * size)

        indices
        |> Array.iteri (fun i row -> Array.Copy(set.Features, row * size, features, i * size, size))

        { set with
            rows = Rows.Memory features
            labels =
                set.labels
                |> Option.map (fun labels -> indices |> Array.map (fun row -> labels[row]))
            weights =
                set.weights
                |> Option.map (fun weights -> indices |> Array.map (fun row -> weights[row]))
        }

    /// The rows in an order that depends on the key and their number alone.
    let shuffle key (set: Dataset) =
        gather (Threefry.permutation key set.Count) set

    /// `count` rows drawn without regard to anything but their labels, as many of each label as of any other while there are enough: the
    /// labelled ones where few rows have labels. All rows when there are fewer. Errors: state, when the set has no labels.
    let balanced key (count: int) (set: Dataset) =
        match set.labels with
        | None -> Errors.state "Dataset.balanced" $"no labels in {set.name}" "a set with them" ""
        | Some labels ->
            let chosen =
                Threefry.permutation key set.Count
                |> Array.groupBy (fun row -> labels[row])
                |> Array.sortBy fst
                |> Array.collect (fun (label, rows) -> rows |> Array.mapi (fun place row -> (place, label), row))
                |> Array.sortBy fst
                |> Array.truncate count
                |> Array.map snd

            gather chosen set

    /// The first ⌊fraction · count⌋ rows and the rest; `fraction` in [0, 1]. `shuffle` first when the rows are sorted.
    let split (fraction: float) (set: Dataset) =
        if not (fraction >= 0.0 && fraction <= 1.0) then
            Errors.option "fraction" $"{fraction}" "0 to 1" ""

        let first = int (fraction * float set.Count)
        slice 0 first set, slice first (set.Count - first) set

    let private weightsOf (set: Dataset) =
        set.weights |> Option.defaultWith (fun () -> Array.create set.Count 1f)

    /// The rows of `first`, then those of `second`; the name and source are the first one's.
    /// Errors: shape, when row shapes or classes differ or only one has labels.
    let append (second: Dataset) (first: Dataset) =
        if first.shape <> second.shape then
            Errors.shape "Dataset.append" $"rows {Errors.show first.shape} and {Errors.show second.shape}" "one shape" ""

        if first.classes <> second.classes || first.labels.IsSome <> second.labels.IsSome then
            Errors.shape "Dataset.append" "sets with different classes" "the same classes in both" ""

        let set =
            { first with
                rows = Rows.Memory(Array.append first.Features second.Features)
                labels = Option.map2 Array.append first.labels second.labels
                weights =
                    match first.weights, second.weights with
                    | None, None -> None
                    | _ -> Some(Array.append (weightsOf first) (weightsOf second))
            }

        { set with sha256 = contentHash set }

    /// Columns become rows: n rows of d numbers → d rows of [n]. Labels and weights belonged to the old rows and go.
    let transpose (set: Dataset) =
        let rows, columns = set.Count, set.RowSize
        let turned = Array.zeroCreate (rows * columns)

        for row in 0 .. rows - 1 do
            for column in 0 .. columns - 1 do
                turned[column * rows + row] <- set.Features[row * columns + column]

        { set with
            shape = [| rows |]
            rows = Rows.Memory turned
            labels = None
            classes = None
            weights = None
        }

    /// (x − least) / (most − least), with the least and the most of the same number in the rows of `reference`, which then range from 0
    /// to 1; other rows may leave it. A number that is the same in all rows of `reference` is moved and not stretched.
    /// Errors: shape, when row shapes differ or `reference` has no rows.
    let rescale (reference: Dataset) (set: Dataset) =
        if reference.shape <> set.shape || reference.Count = 0 then
            let found =
                $"{reference.Count} rows {Errors.show reference.shape} for rows {Errors.show set.shape}"

            Errors.shape "Dataset.rescale" found "one row or more of the same shape" ""

        let size = set.RowSize
        let least = Array.sub reference.Features 0 size
        let most = Array.copy least

        reference.Features
        |> Array.iteri (fun i x ->
            least[i % size] <- min least[i % size] x
            most[i % size] <- max most[i % size] x)

        let stretch =
            Array.map2 (fun least most -> if most > least then most - least else 1.0f) least most

        let scaled =
            { set with
                rows =
                    set.Features
                    |> Array.mapi (fun i x -> (x - least[i % size]) / stretch[i % size])
                    |> Rows.Memory
            }

        { scaled with
            sha256 = contentHash scaled
        }

    /// One line: name, rows, shape, classes, source.
    let describe (set: Dataset) =
        let labelled =
            match set.classes, set.labels with
            | Some classes, _ -> $", {classes.Length} classes"
            | None, Some labels -> $", {(Array.distinct labels).Length} labels"
            | None, None -> ""

        $"{set.name}: {set.Count} rows of {Errors.show set.shape}{labelled}; {set.source}"
