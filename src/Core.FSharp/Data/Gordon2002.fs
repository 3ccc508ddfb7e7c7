namespace Functional.Core

open System

/// Gene expression of 181 tissue samples of the lung, 31 mesotheliomas and 150 adenocarcinomas, by 12533 probes (Gordon et al. 2002).
[<RequireQualifiedAccess>]
module Gordon2002 =
    /// The files of the set: a line a probe with a column a sample, and a line a sample with its class.
    let files = [ "gordon2002-expression.csv"; "gordon2002-classes.csv" ]

    /// The 60 samples to test on, counted from 0 in the file's order: the last 60 of the permutation that NumPy's RandomState(0) gives.
    /// Few samples with extreme values make the error of a split, so numbers can be compared on one split alone.
    let testSamples =
        [|
            yield! [ 1; 9; 11; 17; 21; 25; 28; 29; 31; 32; 34; 35; 36; 38; 39; 42; 46; 47; 53; 57 ]
            yield!
                [
                    58
                    65
                    67
                    70
                    72
                    77
                    79
                    81
                    82
                    87
                    88
                    91
                    99
                    102
                    103
                    105
                    114
                    115
                    117
                    119
                ]
            yield!
                [
                    120
                    127
                    128
                    132
                    133
                    140
                    142
                    146
                    147
                    148
                    150
                    151
                    153
                    156
                    157
                    160
                    170
                    172
                    175
                    180
                ]
        |]

    /// The class of every sample, in the order of the expression's columns.
    let private classes (expression: string) (table: string) =
        let samples = Csv.records Csv.defaults expression |> Seq.head |> Array.tail
        let lines = Csv.records Csv.defaults table |> Seq.tail |> Array.ofSeq

        if lines |> Array.map Array.head <> samples then
            Errors.data table "column 1" "other samples" $"the {samples.Length} samples of {expression}, in its order" ""

        lines |> Array.map Array.last

    /// A row a sample, as it was measured: 181 rows of [12533] with their classes.
    /// Errors: data, when the files do not have the same samples, and as `Csv.parse`.
    let read (expression: string) (table: string) : Dataset =
        let options =
            { Csv.defaults with
                Label = CsvLabel.Named "probe"
                Transpose = true
            }

        use expressionInput = Input.Open expression
        use tableInput = Input.Open table

        Csv.parse options "gordon2002" expressionInput
        |> Csv.withLabels (classes expression table)
        |> Dataset.withSource expression (Input.Sha256 [ expressionInput; tableInput ])

    /// The training samples and the test samples, every probe scaled so that the training samples range from 0 to 1.
    let split (samples: Dataset) =
        let training = [| 0 .. samples.Count - 1 |] |> Array.except testSamples
        let train = Dataset.gather training samples
        let test = Dataset.gather testSamples samples

        let scaled set =
            Dataset.rescale train set |> Dataset.withSource samples.Source samples.Sha256

        scaled train, scaled test
