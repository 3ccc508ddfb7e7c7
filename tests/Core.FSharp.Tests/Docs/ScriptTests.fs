namespace Functional.Core.Tests

open System.IO
open System.Text.RegularExpressions
open Functional.Core
open Xunit

/// The scripts that people start from, and the pages that quote them, say what is so.
type ScriptTests() =
    static let run (name: string) (arguments: string list) =
        let code, output, errors =
            Fsi.run (Path.Combine(Fsi.root, "scripts", name) :: arguments)

        Assert.True((code = 0), $"{name} ended with {code}: {errors}")
        Assert.Equal("", errors.Trim())
        output

    static let page (path: string) =
        File.ReadAllText(Path.Combine(Fsi.root, path))

    /// The text of the first fenced block of a language.
    static let block (language: string) (text: string) =
        let opening = $"```{language}\n"
        let first = text.IndexOf opening + opening.Length
        Assert.True(first >= opening.Length, $"no block of {language}")
        text.Substring(first, text.IndexOf("\n```", first) - first)

    /// The blocks of a page that begin with this line.
    static let blockAfter (line: string) (text: string) =
        let first = text.IndexOf $"```\n{line}\n"
        Assert.True(first >= 0, $"no block that begins with {line}")
        text.Substring(first + 4, text.IndexOf("\n```", first) - first - 4)

    [<Fact>]
    member _.``the energy script finds the ring``() =
        Assert.Contains("512 points at distance 1.0", run "energy.fsx" [])

    [<Fact>]
    member _.``the Langevin script finds its moments with the correction, and not without``() =
        let output = run "langevin.fsx" [ "1000" ]
        let last = output.TrimEnd().Split('\n') |> Array.last
        let told = Regex.Match(last, @"MALA ([\d.]+) standard errors, ULA ([\d.]+)")
        let distance (group: int) = float told.Groups[group].Value
        Assert.InRange(distance 1, 0.0, 3.0)
        Assert.InRange(distance 2, 5.0, infinity)

    [<Fact>]
    member _.``the script with an energy of its own learns the ring``() =
        Assert.Matches(@"noise 0\.9\d\d; .* distance (0\.9|1\.0)\d ± 0\.1\d\n$", run "ebm.fsx" [])

    [<Fact>]
    member _.``the autoencoder script learns and draws``() =
        let picture =
            Path.Combine(Directory.CreateTempSubdirectory().FullName, "samples.png")

        let output = run "vae.fsx" [ "2"; picture ]

        let losses =
            output.Split('\n')
            |> Array.filter _.StartsWith("epoch")
            |> Array.map (fun line -> float (line.Split(' ', System.StringSplitOptions.RemoveEmptyEntries)[2]))

        Assert.Equal(2, losses.Length)
        Assert.True(losses[1] < losses[0] && losses[1] < 300.0, output)
        Assert.Equal(4 * 31 + 2, (Png.read picture).Height)

    [<Fact>]
    member _.``the Boltzmann machine's script learns and draws``() =
        let picture =
            Path.Combine(Directory.CreateTempSubdirectory().FullName, "letters.png")

        let output = run "rbm.fsx" [ "4"; picture ]

        let errors =
            output.Split('\n')
            |> Array.filter _.StartsWith("epoch")
            |> Array.map (fun line -> float (line.Split([| ' '; ',' |], System.StringSplitOptions.RemoveEmptyEntries)[4]))

        Assert.Equal(4, errors.Length)
        Assert.True(errors[3] < 0.95 * errors[0] && errors[3] < 0.075, output)
        Assert.Equal(5 * 31 + 2, (Png.read picture).Height)

    [<Fact>]
    member _.``the pipeline's page quotes what its script prints``() =
        let output = run "pipeline.fsx" []
        let text = page "docs/pipeline.md"

        for line in [ "The program that was captured:"; "Simplified and legal:"; "Its steps:" ] do
            Assert.Contains(blockAfter line text, output)

    [<Fact>]
    member _.``the README's example for F# runs``() =
        let script = Path.Combine(Directory.CreateTempSubdirectory().FullName, "readme.fsx")
        File.WriteAllText(script, block "fsharp" (page "README.md"))
        let code, output, errors = Fsi.run [ script ]
        Assert.True((code = 0), $"the example ended with {code}: {errors}")
        Assert.Matches(@"gradient .*-5\.5.*\nslope .*\{(2\.9|3\.0).*offset .*\{(0\.9|1\.0)", output)
