namespace Functional.Experiments

open System
open System.IO
open Functional
open Functional.Core

/// The activation functions beside the lecture's table of them. Of the table only the lecture's own entries are typed in: what stands
/// beside them is found from values and derivatives in float64.
[<RequireQualifiedAccess>]
module Activations =
    /// What is found out about a function of one variable.
    type Profile =
        {
            Infimum: float
            Supremum: float
            /// Whether an argument near 0 takes the infimum, and the supremum.
            IsAttained: bool * bool
            /// The derivative towards −∞ and +∞.
            Slopes: float * float
            LargestSlope: float
            /// The mean output over standard normal inputs: 0 for a centred function.
            Mean: float
        }

    let private grid = Array.init 16001 (fun i -> float (i - 8000) / 1000.0)

    let private valuesAndSlopes (f: Tensor -> Tensor) (x: float[]) =
        let x = Tensor.ofFloat64s [ x.Length ] x
        let values, slopes = jvp f x (Tensor.onesLike x)
        values.ToFloat64s(), slopes.ToFloat64s()

    /// Where values at two distant points lead: to the farther one when they agree, or else to infinity.
    let private limit (distant: float) (farther: float) =
        if abs (farther - distant) < 1e-9 then farther
        elif farther > distant then infinity
        else -infinity

    /// The limits towards −∞ and +∞ of values at −2²⁰, −2¹⁰, 2¹⁰, 2²⁰.
    let private limits (values: float[]) =
        limit values[1] values[0], limit values[2] values[3]

    /// Finds out about a pointwise function, from 16001 points between −8 and 8 and four far away.
    let profile (f: Tensor -> Tensor) : Profile =
        let values, slopes = valuesAndSlopes f grid

        let farValues, farSlopes =
            valuesAndSlopes f [| -(2.0 ** 20); -(2.0 ** 10); 2.0 ** 10; 2.0 ** 20 |]

        let left, right = limits farValues
        let least, most = Array.min values, Array.max values
        let density = grid |> Array.map (fun x -> exp (-x * x / 2.0))

        // With the value at −x, so that an odd function's mean is exactly 0.
        let weighed p value mirrored = p * (value + mirrored) / 2.0

        {
            Infimum = min least (min left right)
            Supremum = max most (max left right)
            IsAttained = (least <= min left right, most >= max left right)
            Slopes = limits farSlopes
            LargestSlope = Array.max slopes
            Mean =
                Array.sum (Array.map3 weighed density values (Array.rev values))
                / Array.sum density
        }

    // What the lecture's entries ask of a number.
    let private is value =
        Row.published value >> Row.within 1e-9 value

    let private vanishes = Row.publishedWords "vanishes" >> Row.within 1e-9 0.0
    let private stays = Row.publishedWords "does not vanish" >> Row.atLeast 0.001
    let private centred = Row.publishedWords "centred" >> Row.within 0.2 0.0
    let private notCentred = Row.publishedWords "not centred" >> Row.atLeast 0.2
    let private silent: Row -> Row = id

    // Entries that mathematics contradicts are shown beside ours, and nothing is asked.
    let private saidToStay = Row.publishedWords "does not vanish"
    let private saidToBeCentred = Row.publishedWords "centred"

    type private Function =
        {
            Name: string
            Apply: Tensor -> Tensor
            /// The lecture's entry for each quantity.
            Claims: (Row -> Row) list
        }

    let private quantities: (string * (Profile -> float)) list =
        [
            "infimum", _.Infimum
            "supremum", _.Supremum
            "slope at −∞", _.Slopes >> fst
            "slope at +∞", _.Slopes >> snd
            "largest slope", _.LargestSlope
            "mean output", _.Mean
        ]

    /// Of the softmax of (x, 0) the first: a function of one variable.
    let private softmaxOfPair (x: Tensor) =
        Tensor.stack 1 [ x; Tensor.zerosLike x ]
        |> Activation.apply Softmax
        |> Tensor.at 1 0

    let private functions =
        let known activation claims =
            {
                Name = Activation.name activation
                Apply = Activation.apply activation
                Claims = claims
            }

        let unclaimed activation =
            known activation (quantities |> List.map (fun _ -> silent))

        [
            known Sigmoid [ is 0.0; is 1.0; vanishes; vanishes; is 0.25; notCentred ]
            known Tanh [ is -1.0; is 1.0; vanishes; vanishes; silent; centred ]
            known Relu [ is 0.0; is infinity; vanishes; stays; is 1.0; notCentred ]
            known LeakyRelu [ is -infinity; is infinity; stays; stays; silent; notCentred ]
            known Elu [ is -1.0; is infinity; saidToStay; stays; silent; centred ]
            {
                Name = Activation.name Softmax
                Apply = softmaxOfPair
                Claims = [ is 0.0; is 1.0; saidToStay; saidToStay; silent; saidToBeCentred ]
            }
            unclaimed Linear
            unclaimed Swish
            unclaimed Softplus
        ]

    let private rows (f: Function) (found: Profile) =
        List.map2 (fun (quantity, measure) claim -> Row.measured $"{f.Name}: {quantity}" (measure found) |> claim) quantities f.Claims

    /// A line of a table in the lecture's form, of what was found.
    let private line (f: Function) (found: Profile) =
        let show (x: float) = $"{x:G4}".Replace("Infinity", "∞")
        let opening = if fst found.IsAttained then "[" else "("
        let closing = if snd found.IsAttained then "]" else ")"
        let range = $"{opening}{show found.Infimum}, {show found.Supremum}{closing}"
        $"| {f.Name} | {range} | {show (fst found.Slopes)}, {show (snd found.Slopes)} | {show found.Mean} |"

    let private writeTable (path: string) (lines: string list) =
        let head =
            [ "| function | range | slope at −∞, +∞ | mean output |"; "|---|---|---|---|" ]

        File.WriteAllLines(path, head @ lines)

    /// A function and its derivative between −4 and 4.
    let private chart (f: Function) =
        let x = Array.init 161 (fun i -> float (i - 80) / 20.0)
        let values, slopes = valuesAndSlopes f.Apply x
        Charts.Lines(f.Name, "x", "", [| Series("f(x)", x, values); Series("f′(x)", x, slopes) |])

    let private run (context: Context) =
        let profiles = functions |> List.map (fun f -> profile f.Apply)
        writeTable (Context.path "activations.md" context) (List.map2 line functions profiles)

        for f in functions do
            (chart f).SaveSvg(Context.path $"{f.Name}.svg" context)

        List.map2 rows functions profiles |> List.concat

    let experiment =
        {
            Id = "activations"
            Title = "ranges, slopes and centres of the activation functions"
            Source = "Lecture on neural networks, the table of activation functions"
            Needs = []
            Seeds = 1
            Run = run
        }
