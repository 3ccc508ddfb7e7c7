namespace Functional.Experiments.Tests

open System.IO
open System.Text.Json.Nodes
open Functional.Experiments
open Xunit

type ReportTests() =
    let cells = Report.cells

    [<Fact>]
    member _.``a row has what was published, ours, the difference, the bound and a verdict``() =
        let row =
            Row.measured "accuracy" 99.1
            |> Row.published 99.2
            |> Row.atLeast 99.0
            |> Row.inUnit "%"
            |> Row.shown "F1"

        Assert.Equal(
            {
                Name = "accuracy"
                Published = "99.2 %"
                Ours = "99.1 %"
                Difference = "-0.1"
                Bound = "≥ 99.0 %"
                Verdict = "pass"
            },
            cells row
        )

        Assert.Equal("miss", (cells (row |> Row.atLeast 99.15)).Verdict)
        Assert.Equal("+0.1", (cells (row |> Row.published 99.0)).Difference)

    [<Fact>]
    member _.``what a row does not have is a dash``() =
        let bare = cells (Row.measured "x" 1.0)
        Assert.Equal(("—", "1", "—", "—", "—"), (bare.Published, bare.Ours, bare.Difference, bare.Bound, bare.Verdict))
        let pictures = cells (Row.measured "x" infinity |> Row.publishedWords "pictures")
        Assert.Equal(("pictures", "∞", "—"), (pictures.Published, pictures.Ours, pictures.Difference))

    [<Fact>]
    member _.``an outcome is written as JSON and as a table``() =
        Scratch.inFolder (fun folder ->
            let run (context: Context) =
                context
                |> Context.overSeeds (fun seed ->
                    [
                        Row.measured "a|b" (float seed) |> Row.published 5.0 |> Row.atMost 3.0
                        Row.measured "far" infinity |> Row.publishedWords "∞"
                    ])

            let outcome =
                Harness.run { Harness.defaults with Seed = 7L } folder (Scratch.experiment "test" run)

            Assert.False outcome.Passes

            let json =
                nonNull (JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "results.json"))))

            let written = json.ToJsonString()
            Assert.StartsWith("""{"id":"test","rows":[{"name":"a|b","published":5,"ours":8,""", written)
            Assert.Contains(""""pass":false,"values":[7,8,9]""", written)
            Assert.Contains(""""published":"\u221E","ours":"Infinity","bound":null,"pass":true""", written)
            Assert.Contains(""""seeds":[7,8,9]""", written)
            let table = File.ReadAllText(Path.Combine(folder, "table.md"))
            Assert.Contains("| a\\|b | 5 | 8 | +3 | ≤ 3 | miss |", table))
