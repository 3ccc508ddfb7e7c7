namespace Functional.Experiments.Tests

open System
open System.IO
open System.Reflection
open Functional
open Functional.Experiments
open Xunit
open Xunit.Sdk

/// The ids of the experiments whose data are there, or of those that miss some; the latter are reported as skipped.
[<AttributeUsage(AttributeTargets.Method, AllowMultiple = true)>]
type ExperimentsAttribute(areFound: bool) as this =
    inherit DataAttribute()

    let missing =
        let sets = Datasets.List() |> Seq.filter (fun set -> isNull set.Place)
        sets |> Seq.map _.Name |> Set.ofSeq

    do
        if not areFound then
            this.Skip <- $"""no folder of FUNCTIONAL_DATA has {String.Join(", ", missing)}"""

    override _.GetData(_: MethodInfo) =
        Catalog.all
        |> Seq.filter (fun experiment -> not (List.exists missing.Contains experiment.Needs) = areFound)
        |> Seq.map (fun experiment -> [| experiment.Id |])

type CatalogTests() =
    /// Longer than the minute promised: tests share the machine.
    let patience = 180.0

    [<Theory; Experiments(true); Experiments(false)>]
    member _.``every row passes``(id: string) =
        Scratch.inFolder (fun folder ->
            let options = { Harness.defaults with Quick = true }
            let outcome = Harness.run options folder (Catalog.find id)
            Assert.NotEmpty outcome.Rows
            Assert.All(outcome.Rows, (fun row -> Assert.True(Row.passes row, $"{Report.cells row}")))
            Assert.Contains(outcome.Rows, (fun row -> row.Bound.IsSome))
            Assert.InRange(outcome.Seconds, 0.0, patience))

    [<Fact>]
    member _.``ids are unique, and an unknown one suggests the nearest``() =
        Assert.Distinct(Catalog.all |> List.map _.Id)

        let error =
            Assert.Throws<ArgumentException>(fun () -> Catalog.find "vanishing-gradent" |> ignore)

        Assert.Contains("perhaps you meant vanishing-gradient", error.Message)

    [<Fact>]
    member _.``experiments need sets that exist``() =
        let known = Datasets.List() |> Seq.map _.Name |> List.ofSeq
        Assert.Empty(Catalog.all |> List.collect _.Needs |> List.except known)
