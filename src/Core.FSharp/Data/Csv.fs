namespace Functional.Core

open System
open System.Globalization
open System.IO
open CsvHelper

/// Whether the first line names the columns.
[<RequireQualifiedAccess>]
type CsvHeader =
    /// It does when none of its cells is a number.
    | Detect
    | Present
    | Absent

/// Which column holds the labels.
[<RequireQualifiedAccess>]
type CsvLabel =
    /// The column called label, class or target, if there is one.
    | Detect
    | Nowhere
    | Named of string
    /// Counted from 0; −1 is the last column.
    | Column of int

/// What to do with a cell that is blank or no number.
[<RequireQualifiedAccess>]
type CsvMissing =
    | Refuse
    /// Puts the mean of the column's numbers in its place.
    | Mean
    | Zero
    | DropRow

/// How to read a CSV file.
type CsvOptions =
    {
        Header: CsvHeader
        Label: CsvLabel
        Missing: CsvMissing
        Delimiter: char
        /// Columns become rows. The label column then names the columns of the result, and is left out.
        Transpose: bool
    }

/// Comma-separated numbers, one row a line (RFC 4180), gzipped or not.
[<RequireQualifiedAccess>]
module Csv =
    /// Detects header and labels, refuses missing values, separates by commas.
    let defaults =
        {
            Header = CsvHeader.Detect
            Label = CsvLabel.Detect
            Missing = CsvMissing.Refuse
            Delimiter = ','
            Transpose = false
        }

    let private number (cell: ReadOnlySpan<byte>) =
        match Single.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value when Single.IsFinite value -> ValueSome value
        | _ -> ValueNone

    let private tokens (options: CsvOptions) (input: Input) =
        let settings =
            CsvReaderOptions(
                HasHeader = false,
                Separator = options.Delimiter,
                TrimWhitespace = true,
                TrackLineNumbers = true,
                MalformedData = CsvMalformedDataHandling.Throw
            )

        CsvReader.Create(input.Content, settings, true)

    /// Moves to the next record, when there is one.
    let private next (file: string) (reader: CsvReader) =
        try
            reader.Read()
        with :? CsvFormatException as error ->
            Errors.data file $"line {error.LineNumber}" "a stray or unclosed quote" "quotes around a whole cell, doubled inside it" ""

    /// The records of a file as text, header and all, read when they are asked for. Errors: data, for stray quotes.
    let records (options: CsvOptions) (path: string) : string[] seq =
        seq {
            use input = Input.Open path
            use reader = tokens options input

            while next path reader do
                Array.init reader.FieldCount reader.GetString
        }

    let private isHeader (options: CsvOptions) (reader: CsvReader) =
        match options.Header, options.Label with
        | CsvHeader.Present, _ -> true
        | CsvHeader.Absent, _ -> false
        | CsvHeader.Detect, CsvLabel.Named _ -> true
        | CsvHeader.Detect, _ ->
            Seq.forall (fun (column: int) -> number (reader.GetSpan column) = ValueNone) (seq { 0 .. reader.FieldCount - 1 })

    /// The columns of a file: their names, and which holds the labels (−1: none).
    type private Columns = { Names: string[]; Label: int }

    let private labelColumn (options: CsvOptions) (file: string) (header: string[] option) width =
        let find (accept: string -> bool) =
            header |> Option.bind (Array.tryFindIndex accept)

        match options.Label with
        | CsvLabel.Nowhere -> -1
        | CsvLabel.Detect ->
            find (fun name -> List.contains (name.ToLowerInvariant()) [ "label"; "class"; "target" ])
            |> Option.defaultValue -1
        | CsvLabel.Named name ->
            match find ((=) name) with
            | Some column -> column
            | None -> Errors.data file "line 1" $"no column '{name}'" "the label column's name in the header" "name one of its columns"
        | CsvLabel.Column column when column >= -width && column < width -> (column + width) % width
        | CsvLabel.Column column -> Errors.option "label column" $"{column}" $"{-width} to {width - 1}" ""

    let private refuseCell (file: string) (columns: Columns) (reader: CsvReader) (column: int) expected fix =
        let found =
            if reader.IsEmpty column then
                "a blank cell"
            else
                Excerpt.quote (reader.GetString column)

        Errors.data file $"line {reader.LineNumber}, column {column + 1} ({columns.Names[column]})" found expected fix

    /// Puts the numbers of the present record, without its label, into `row`; a missing one as NaN. Tells whether the row is whole.
    let private features policy (file: string) (columns: Columns) (reader: CsvReader) (row: float32[]) =
        let mutable whole = true
        let mutable position = 0

        for column in 0 .. columns.Names.Length - 1 do
            if column <> columns.Label then
                match number (reader.GetSpan column) with
                | ValueSome value -> row[position] <- value
                | ValueNone when policy = CsvMissing.Refuse ->
                    refuseCell
                        file
                        columns
                        reader
                        column
                        "a number"
                        "or a policy for missing values: csv:FILE,missing=mean, zero or drop-row"
                | ValueNone ->
                    row[position] <- Single.NaN
                    whole <- false

                position <- position + 1

        if columns.Label >= 0 && reader.IsEmpty columns.Label then
            if policy <> CsvMissing.DropRow then
                refuseCell file columns reader columns.Label "a label" ""

            whole <- false

        whole

    let private fillMissing policy (file: string) width (features: float32[]) =
        let replacement column =
            let present =
                seq {
                    for i in column..width .. features.Length - 1 do
                        if not (Single.IsNaN features[i]) then
                            float features[i]
                }

            if policy = CsvMissing.Zero then
                0.0f
            elif Seq.isEmpty present then
                Errors.data file $"column {column + 1}" "no number at all" "one at least, to take the mean of" ""
            else
                float32 (Seq.average present)

        for column in 0 .. width - 1 do
            let value = lazy (replacement column)

            for i in column..width .. features.Length - 1 do
                if Single.IsNaN features[i] then
                    features[i] <- value.Value

    /// The set labelled by cells, one a row: whole numbers from 0 stay as they are; other labels become the positions of their names in
    /// ordinal order.
    let withLabels (cells: string[]) (set: Dataset) =
        let whole =
            cells
            |> Array.map (fun cell -> Int32.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture))

        if Array.forall fst whole then
            Dataset.withLabels (Array.map snd whole) set
        else
            let names = Array.distinct cells
            Array.Sort(names, StringComparer.Ordinal)
            let positions = names |> Array.mapi (fun i name -> name, i) |> dict

            set
            |> Dataset.withLabels (cells |> Array.map (fun cell -> positions[cell]))
            |> Dataset.withClasses names

    /// The columns, from the first record; the reader then stands on the first row, unless the file has none.
    let private readColumns (options: CsvOptions) (file: string) (reader: CsvReader) =
        if not (next file reader) then
            Errors.data file "line 1" "an empty file" "rows of numbers" ""

        let first = Array.init reader.FieldCount reader.GetString
        let header = if isHeader options reader then Some first else None

        let columns =
            {
                Names =
                    header
                    |> Option.defaultWith (fun () -> Array.init first.Length (fun i -> $"number {i + 1}"))
                Label = labelColumn options file header first.Length
            }

        if columns.Label = 0 && first.Length = 1 then
            Errors.data file "line 1" "only labels" "one column of numbers at least" ""

        columns, header.IsNone || next file reader

    /// The set that `input` holds: a row a record, the label column apart.
    /// Errors: data with file, line and column, for ragged rows, stray quotes, and cells that are blank, no number or infinite unless a
    /// policy for missing values was given (a blank label is refused under every policy but `DropRow`).
    let parse (options: CsvOptions) (name: string) (input: Input) : Dataset =
        let file = input.Name
        use reader = tokens options input
        let columns, started = readColumns options file reader
        let cells = columns.Names.Length
        let width = if columns.Label >= 0 then cells - 1 else cells

        let all, labels, row =
            ResizeArray<float32>(), ResizeArray<string>(), Array.zeroCreate width

        let mutable more = started

        while more do
            if reader.FieldCount <> cells then
                Errors.data file $"line {reader.LineNumber}" $"a row of {reader.FieldCount}" $"rows of {cells}, as the first line is" ""

            if
                features options.Missing file columns reader row
                || options.Missing <> CsvMissing.DropRow
            then
                all.AddRange row

                if columns.Label >= 0 then
                    labels.Add(reader.GetString columns.Label)

            more <- next file reader

        if all.Count = 0 then
            Errors.data file "" "no rows" "one row of numbers at least" ""

        let features = all.ToArray()
        fillMissing options.Missing file width features

        let set =
            Dataset.create name [| width |] features
            |> Dataset.withSource file (Input.Sha256 [ input ])

        if options.Transpose then
            Dataset.transpose set
        elif columns.Label >= 0 then
            withLabels (labels.ToArray()) set
        else
            set

    /// Reads a file, gzipped or not. Errors: `FileNotFoundException`; data as `parse`.
    let read options (path: string) =
        use input = Input.Open path
        parse options (Path.GetFileName path |> nonNull) input
