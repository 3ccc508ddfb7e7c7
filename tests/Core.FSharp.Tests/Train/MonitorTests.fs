namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// The rules that watch a number, against sequences whose outcome is worked out by hand from their definition.
type MonitorTests() =
    static let watch metric mode minDelta =
        {
            Metric = metric
            Mode = mode
            MinDelta = minDelta
        }

    static let least = watch "val_loss" Auto 0.0

    /// The decisions about values of the epochs from 1, begun anew from the state after each of them.
    static let decide options values =
        values
        |> List.indexed
        |> List.mapFold
            (fun state (index, value) ->
                let state, decision = EarlyStopping.step options state (index + 1) value
                decision, state)
            EarlyStopping.start

    /// The epochs of the best values so far, and the first at which to stop, or 0.
    static let outcome options values =
        let decisions, _ = decide options values

        let epochs what =
            [
                for index, decision in List.indexed decisions do
                    if what decision then
                        index + 1
            ]

        epochs _.IsBest, epochs _.Stop |> List.tryHead |> Option.defaultValue 0

    /// The rates after each epoch.
    static let rates options start values =
        values
        |> List.scan (fun (state, rate) value -> Plateau.step options state rate value) (Plateau.start, start)
        |> List.tail
        |> List.map snd

    static let stopping =
        { EarlyStopping.defaults with
            Patience = 3
        }

    static let halving =
        { Plateau.defaults with
            Monitor = least
            Factor = 0.5
            Patience = 2
        }

    [<Theory>]
    [<InlineData("val_loss", false)>]
    [<InlineData("reconstruction", false)>]
    [<InlineData("mse", false)>]
    [<InlineData("val_accuracy", true)>]
    [<InlineData("val_top_5_accuracy", true)>]
    [<InlineData("log_likelihood", true)>]
    [<InlineData("negative_log_likelihood", false)>]
    [<InlineData("val_pseudo_likelihood", true)>]
    [<InlineData("explained_variance", true)>]
    member _.``the name tells whether more is better``(metric: string, expected: bool) =
        Assert.Equal(expected, Monitor.isMore (watch metric Auto 0.0))
        Assert.False(Monitor.isMore (watch metric Min 0.0))
        Assert.True(Monitor.isMore (watch metric Max 0.0))

    [<Fact>]
    member _.``better is better by more than the least difference``() =
        let isBetter mode = Monitor.isBetter (watch "x" mode 0.25)
        Assert.True(isBetter Min (Some 1.0) 0.5)
        Assert.False(isBetter Min (Some 1.0) 0.75)
        Assert.True(isBetter Max (Some 1.0) 1.5)
        Assert.False(isBetter Max (Some 1.0) 1.25)
        Assert.True(isBetter Min None 7.0)

        for mode in [ Min; Max ] do
            Assert.False(isBetter mode (Some 1.0) nan)
            Assert.False(isBetter mode None nan)

    [<Fact>]
    member _.``training stops after as many epochs without anything better as patience allows``() =
        Assert.Equal(([ 1; 2; 3; 6 ], 9), outcome stopping [ 3.0; 2.0; 1.0; 1.1; 1.2; 0.9; 1.0; 0.95; 0.9 ])
        Assert.Equal(([ 1 ], 2), outcome { stopping with Patience = 0 } [ 1.0; 1.0 ])
        Assert.Equal(([ 1; 2; 3; 4 ], 0), outcome { stopping with Patience = 0 } [ 4.0; 3.0; 2.0; 1.0 ])
        Assert.Equal(([ 1 ], 4), outcome stopping [ 1.0; nan; infinity; nan ])

    [<Fact>]
    member _.``the direction is that of the number``() =
        let accuracy =
            { stopping with
                Monitor = watch "val_accuracy" Auto 0.0
                Patience = 2
            }

        Assert.Equal(([ 1; 2 ], 4), outcome accuracy [ 0.5; 0.9; 0.8; 0.7 ])

        let against =
            { accuracy with
                Monitor = watch "val_accuracy" Min 0.0
            }

        Assert.Equal(([ 1; 3; 4 ], 0), outcome against [ 0.5; 0.9; 0.4; 0.3 ])

    [<Fact>]
    member _.``small steps are no progress``() =
        let coarse =
            { stopping with
                Monitor = { least with MinDelta = 0.125 }
            }

        // 0.75 is better than 1 by more than an eighth; 0.6875 than 0.75 is not.
        Assert.Equal(([ 1; 3 ], 6), outcome coarse [ 1.0; 0.9375; 0.75; 0.6875; 0.65625; 0.6484375 ])

    [<Fact>]
    member _.``patience begins anew only when the baseline is beaten``() =
        let hurdle =
            { stopping with
                Baseline = Some 0.5
                Patience = 2
            }

        // Every epoch is better than the one before, and the fourth is the first that is not.
        Assert.Equal(([ 1; 2; 3 ], 4), outcome hurdle [ 0.9; 0.8; 0.7; 0.75 ])
        Assert.Equal(([ 1; 2; 3 ], 5), outcome hurdle [ 0.9; 0.8; 0.4; 0.75; 0.75 ])

    [<Fact>]
    member _.``the first epochs need not count``() =
        let late =
            { stopping with
                StartFromEpoch = 3
                Patience = 1
            }

        Assert.Equal(([ 4 ], 5), outcome late [ 1.0; 2.0; 3.0; 4.0; 5.0 ])

    [<Fact>]
    member _.``the state names the best epoch``() =
        let _, state = decide stopping [ 3.0; 2.0; 2.5; 2.25 ]
        Assert.Equal((Some 2.0, 2, 2), (state.Best, state.BestEpoch, state.Wait))

    [<Fact>]
    member _.``the rate falls after as many epochs without anything better as patience allows``() =
        Assert.Equal<float list>(
            [ 1.0; 1.0; 0.5; 0.5; 0.25; 0.25; 0.25; 0.125 ],
            rates halving 1.0 [ 2.0; 2.0; 2.0; 2.0; 2.0; 1.0; 1.0; 1.0 ]
        )

    [<Fact>]
    member _.``epochs of the cooldown do not count``() =
        // Lowered after 3; 4 is in the cooldown, whose second epoch ends with 5 and counts; so does 6.
        Assert.Equal<float list>(
            [ 1.0; 1.0; 0.5; 0.5; 0.5; 0.25; 0.25; 0.25; 0.125 ],
            rates { halving with Cooldown = 2 } 1.0 (List.replicate 9 2.0)
        )

    [<Fact>]
    member _.``the rate stays above the least rate``() =
        Assert.Equal<float list>(
            [ 1.0; 1.0; 0.5; 0.5; 0.375; 0.375; 0.375; 0.375 ],
            rates { halving with MinRate = 0.375 } 1.0 (List.replicate 8 2.0)
        )

    [<Fact>]
    member _.``more than the least difference counts as progress on a plateau``() =
        let values = [ 1.0; 0.99995; 0.9999; 0.5; 0.5; 0.5 ]

        Assert.Equal<float list>(
            [ 1.0; 1.0; 0.5; 0.5; 0.5; 0.25 ],
            rates
                { halving with
                    Monitor = { least with MinDelta = 1e-3 }
                }
                1.0
                values
        )

        Assert.Equal<float list>([ 1.0; 1.0; 1.0; 1.0; 1.0; 0.5 ], rates halving 1.0 values)
