namespace Functional.Experiments

open System
open System.IO
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes
open Functional
open Functional.Core

/// What an experiment came to, and under what conditions.
type Outcome =
    {
        Experiment: Experiment
        Rows: Row list
        Seconds: float
        Quick: bool
        Seeds: int64 list
        Threads: int
        Folder: string
        /// SHA-256 of the parts of every set that was used.
        Sha256: Map<string, string list>
    }

    /// Whether every row keeps its bound.
    member outcome.Passes = outcome.Rows |> List.forall Row.passes

/// One row of an experiment as text.
type Cells =
    {
        Name: string
        Published: string
        Ours: string
        Difference: string
        Bound: string
        Verdict: string
    }

/// Outcomes as text, as JSON and as files.
[<RequireQualifiedAccess>]
module Report =
    let private none = "—"

    let private difference (row: Row) =
        match row.Published with
        | Some(Number published) when Double.IsFinite(Row.ours row - published) ->
            let difference = Row.ours row - published
            (if difference > 0.0 then "+" else "") + difference.ToString "G3"
        | _ -> none

    /// The row's texts; what it does not have is a dash.
    let cells (row: Row) : Cells =
        {
            Name = row.Name
            Published =
                match row.Published with
                | Some(Number number) -> Row.show row number
                | Some(Words text) -> text
                | None -> none
            Ours = Row.show row (Row.ours row)
            Difference = difference row
            Bound = row.Bound |> Option.map (Bound.words (Row.show row)) |> Option.defaultValue none
            Verdict =
                match row.Bound with
                | None -> none
                | Some _ when Row.passes row -> "pass"
                | Some _ -> "miss"
        }

    let private text (value: string) : JsonNode | null = JsonValue.Create value

    /// Numbers that JSON has no form for are texts that most languages read as numbers.
    let private number (value: float) =
        match value with
        | finite when Double.IsFinite finite -> JsonValue.Create finite :> JsonNode | null
        | unknown when Double.IsNaN unknown -> text "NaN"
        | infinite -> text (if infinite > 0.0 then "Infinity" else "-Infinity")

    let private array (items: (JsonNode | null) seq) = JsonArray(Array.ofSeq items)

    let private fields (pairs: (string * (JsonNode | null)) list) =
        let json = JsonObject()

        for name, value in pairs do
            json[name] <- value

        json

    let private rowJson (row: Row) : JsonNode | null =
        fields
            [
                "name", text row.Name
                "published",
                (match row.Published with
                 | Some(Number published) -> number published
                 | Some(Words words) -> text words
                 | None -> null)
                "ours", number (Row.ours row)
                "bound",
                (match row.Bound with
                 | Some bound -> text (Bound.words (Row.show row) bound)
                 | None -> null)
                "pass", JsonValue.Create(Row.passes row)
                "values", array (row.Values |> List.map number)
            ]

    /// An outcome as JSON: id, rows, and under what conditions.
    let json (outcome: Outcome) : JsonObject =
        fields
            [
                "id", text outcome.Experiment.Id
                "rows", array (outcome.Rows |> List.map rowJson)
                "pass", JsonValue.Create outcome.Passes
                "seconds", JsonValue.Create outcome.Seconds
                "quick", JsonValue.Create outcome.Quick
                "seeds", array (outcome.Seeds |> List.map (fun seed -> JsonValue.Create seed))
                "threads", JsonValue.Create outcome.Threads
                "sha256",
                fields
                    [
                        for entry in outcome.Sha256 -> entry.Key, array (entry.Value |> List.map text)
                    ]
                "version", text Machine.Version
                "folder", text outcome.Folder
            ]

    /// An outcome as a page of Markdown.
    let markdown (outcome: Outcome) =
        let line (cells: string list) =
            let cells = cells |> List.map (fun cell -> cell.Replace("|", "\\|"))
            "| " + String.Join(" | ", cells) + " |"

        let row (cells: Cells) =
            line
                [
                    cells.Name
                    cells.Published
                    cells.Ours
                    cells.Difference
                    cells.Bound
                    cells.Verdict
                ]

        let seeds = String.Join(", ", outcome.Seeds)
        let how = if outcome.Quick then "quick, " else ""

        String.Join(
            "\n",
            [
                $"# {outcome.Experiment.Id}: {outcome.Experiment.Title}"
                ""
                $"{outcome.Experiment.Source}. {how}seeds {seeds}, {outcome.Seconds:F1} seconds."
                ""
                line [ "measured"; "published"; "ours"; "difference"; "bound"; "verdict" ]
                "|---|---|---|---|---|---|"
                yield! outcome.Rows |> List.map (cells >> row)
                ""
            ]
        )

    let private layout =
        JsonSerializerOptions(WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

    /// The file whose presence says that a folder holds an outcome.
    let resultsFile = "results.json"

    /// Writes results.json and table.md into the outcome's folder.
    let write (outcome: Outcome) =
        let save (name: string) (content: string) =
            Output.atomically (Path.Combine(outcome.Folder, name)) (fun stream ->
                using (new StreamWriter(stream, leaveOpen = true)) (fun writer -> writer.Write content))

        save resultsFile ((json outcome).ToJsonString layout + "\n")
        save "table.md" (markdown outcome)
