namespace Functional.Experiments.Tests

open System
open System.IO
open System.Threading
open Functional.Experiments
open Xunit

type HarnessTests() =
    let options = Harness.defaults

    let failing id (fault: exn) =
        Scratch.experiment id (fun _ -> raise fault)

    [<Fact>]
    member _.``an experiment gets its folder, its data and as many seeds as it asks for``() =
        Scratch.inFolder (fun folder ->
            let place = Path.Combine(folder, "a", "b")
            let mutable seen = None

            let experiment =
                { Scratch.experiment "test" (fun context ->
                      seen <- Some context
                      []) with
                    Needs = [ "letters" ]
                }

            Harness.run { options with Seed = 4L } place experiment |> ignore
            let context = seen.Value
            Assert.Equal<int64 list>([ 4L; 5L; 6L ], context.Seeds)
            Assert.Equal(3120, context.Data["letters"].Train.Count)
            Assert.Equal((place, 1, 2), (context.Folder, Context.choose 1 2 context, Context.choose 1 2 { context with Quick = true }))
            let results = File.ReadAllText(Path.Combine(place, "results.json"))
            Assert.Contains(context.Data["letters"].Train.Sha256, results)
            Harness.run { options with Quick = true } folder experiment |> ignore
            Assert.Equal<int64 list>([ 1L ], seen.Value.Seeds))

    [<Fact>]
    member _.``a folder with results is not written over``() =
        Scratch.inFolder (fun folder ->
            Harness.run options folder (Scratch.measuring "a" 0.0) |> ignore

            let error =
                Assert.Throws<ArgumentException>(fun () -> Harness.run options folder (Scratch.measuring "a" 0.0) |> ignore)

            Assert.Contains($"found results in {folder}", error.Message))

    [<Fact>]
    member _.``data that are not there are named before anything is written``() =
        Scratch.inFolder (fun folder ->
            let experiment =
                { Scratch.measuring "a" 0.0 with
                    Needs = [ "npz:nowhere.npz" ]
                }

            let place = Path.Combine(folder, "a")

            let error =
                Assert.Throws<FileNotFoundException>(fun () -> Harness.run options place experiment |> ignore)

            Assert.Contains("nowhere.npz", error.Message)
            Assert.False(Directory.Exists place))

    [<Fact>]
    member _.``one that fails does not keep the others from running``() =
        Scratch.inFolder (fun folder ->
            let lines = ResizeArray<string>()

            let endings =
                [
                    Scratch.measuring "first" 2.0
                    failing "second" (InvalidOperationException "broken")
                    Scratch.measuring "third" 1.0
                ]
                |> Harness.runAll { options with Report = lines.Add } (fun id -> Path.Combine(folder, id))

            match endings with
            | [ Finished first; Failed(second, fault); Finished third ] ->
                Assert.False first.Passes
                Assert.Equal(("second", "broken"), (second.Id, fault.Message))
                Assert.True third.Passes
            | other -> Assert.Fail $"found {other}"

            Assert.Contains("first: miss", String.concat "\n" lines)
            Assert.Contains("second: could not run", lines)
            Assert.True(File.Exists(Path.Combine(folder, "third", "results.json"))))

    [<Fact>]
    member _.``a request to stop ends the whole run``() =
        Scratch.inFolder (fun folder ->
            use source = new CancellationTokenSource()
            let mutable ran = 0

            let stopping =
                Scratch.experiment
                    "stopping"
                    (Context.overSeeds (fun _ ->
                        ran <- ran + 1
                        source.Cancel()
                        []))

            let run () =
                [ stopping; Scratch.measuring "never" 0.0 ]
                |> Harness.runAll
                    { options with
                        Cancellation = source.Token
                    }
                    (fun id -> Path.Combine(folder, id))
                |> ignore

            let stop = Assert.ThrowsAny<OperationCanceledException> run
            Assert.StartsWith("stopping: interrupted", stop.Message)
            Assert.Equal(1, ran)
            Assert.False(Directory.Exists(Path.Combine(folder, "never"))))
