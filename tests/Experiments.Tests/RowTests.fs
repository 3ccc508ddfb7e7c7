namespace Functional.Experiments.Tests

open System
open FsCheck
open FsCheck.FSharp
open Functional.Experiments
open Xunit

type RowTests() =
    [<Fact>]
    member _.``the median has as many values below as above``() =
        let law (values: NormalFloat list) =
            let values = values |> List.map _.Get
            let median = Row.median values

            List.isEmpty values
            || (values |> List.filter (fun v -> v < median) |> List.length)
               <= values.Length / 2
               && (values |> List.filter (fun v -> v > median) |> List.length)
                  <= values.Length / 2
               && (values.Length % 2 = 0 || List.contains median values)

        Check.QuickThrowOnFailure law

    [<Fact>]
    member _.``the median of few numbers``() =
        Assert.Equal(2.0, Row.median [ 3.0; 1.0; 2.0 ])
        Assert.Equal(2.5, Row.median [ 4.0; 1.0; 2.0; 3.0 ])
        Assert.True(Double.IsNaN(Row.median []))
        Assert.True(Double.IsNaN(Row.median [ 1.0; nan; 2.0 ]))

    [<Fact>]
    member _.``bounds hold up to themselves, and for nothing that is not a number``() =
        let row = Row.measured "x"
        Assert.True(Row.passes (row 1.0 |> Row.atMost 1.0))
        Assert.False(Row.passes (row 1.1 |> Row.atMost 1.0))
        Assert.True(Row.passes (row 1.0 |> Row.atLeast 1.0))
        Assert.False(Row.passes (row 0.9 |> Row.atLeast 1.0))
        Assert.True(Row.passes (row 1.5 |> Row.within 0.5 1.0))
        Assert.False(Row.passes (row 1.6 |> Row.within 0.5 1.0))
        Assert.True(Row.passes (row infinity |> Row.within 0.5 infinity))
        Assert.False(Row.passes (row -infinity |> Row.within 0.5 infinity))
        Assert.True(Row.passes (row nan))

        for bounded in [ Row.atMost 1.0; Row.atLeast 1.0; Row.within 1.0 1.0; Row.agrees 3 1.0 ] do
            Assert.False(Row.passes (bounded (row nan)))

    [<Fact>]
    member _.``agreeing digits are counted from the first that is not zero``() =
        let passes digits (value: float) =
            Row.passes (Row.measured "x" value |> Row.agrees digits 0.00123456)

        Assert.True(passes 3 0.001235)
        Assert.False(passes 4 0.001236)
        Assert.True(Row.passes (Row.measured "x" -0.00123456 |> Row.agrees 13 -0.00123456))

    [<Fact>]
    member _.``rows of several seeds are gathered by name``() =
        let seed a b =
            [ Row.measured "a" a |> Row.atMost 2.0; Row.measured "b" b ]

        let rows = Row.overSeeds [ seed 5.0 1.0; seed 1.0 2.0; seed 2.0 3.0 ]
        Assert.Equal<string list>([ "a"; "b" ], rows |> List.map _.Name)
        Assert.Equal<float list>([ 5.0; 1.0; 2.0 ], rows[0].Values)
        Assert.Equal<float list>([ 2.0; 2.0 ], rows |> List.map Row.ours)
        Assert.True(Row.passes rows[0])
        Assert.Empty(Row.overSeeds [])
