namespace Functional.Experiments

open System.Globalization

/// What the source says about a number: the number, or something in words where it printed none (pictures, a formula).
type Published =
    | Number of float
    | Words of string

/// One measured quantity beside what was published.
type Row =
    {
        /// What was measured, under what conditions where experiments differ in them: "test MSE, the lecture's recipe".
        Name: string
        Published: Published option
        /// The quantity for every seed, in the order of the seeds; one value where nothing is random.
        Values: float list
        /// None: for information, nothing to miss.
        Bound: Bound option
        /// %, nats, dB, °; empty for a plain number.
        Unit: string
        /// How numbers are written, as .NET's format strings.
        Format: string
    }

[<RequireQualifiedAccess>]
module Row =
    /// The middle of `values` in order; the mean of the middle two for an even number of them. NaN when one of them is, or there are none.
    let median (values: float list) =
        let sorted = values |> List.sort |> Array.ofList
        let middle = sorted.Length / 2

        if List.isEmpty values || List.exists System.Double.IsNaN values then
            nan
        elif sorted.Length % 2 = 1 then
            sorted[middle]
        else
            (sorted[middle - 1] + sorted[middle]) / 2.0

    /// A measured quantity, nothing published, no bound, six digits.
    let measured name (value: float) =
        {
            Name = name
            Published = None
            Values = [ value ]
            Bound = None
            Unit = ""
            Format = "G6"
        }

    /// With the published number.
    let published number (row: Row) =
        { row with
            Published = Some(Number number)
        }

    /// With what the source has instead of a number.
    let publishedWords text (row: Row) =
        { row with
            Published = Some(Words text)
        }

    let private bounded bound (row: Row) = { row with Bound = Some bound }

    /// Passes when the median is `most` or less.
    let atMost most row = bounded (AtMost most) row

    /// Passes when the median is `least` or more.
    let atLeast least row = bounded (AtLeast least) row

    /// Passes when the median is no farther than `tolerance` from `target`.
    let within tolerance target row = bounded (Within(target, tolerance)) row

    /// Published with that number of significant digits, and passes when the number agrees to all of them.
    let agrees digits target row =
        { published target row with
            Bound = Some(Within(target, abs target * 10.0 ** -(float digits)))
            Format = $"G{digits + 2}"
        }

    /// With a unit behind the numbers.
    let inUnit unit (row: Row) = { row with Unit = unit }

    /// With numbers written as .NET's `format`: F4 for four decimals.
    let shown format (row: Row) = { row with Format = format }

    /// The measured number: the median over the seeds.
    let ours (row: Row) = median row.Values

    /// Whether the measured number keeps its bound; a row without a bound passes.
    let passes (row: Row) =
        row.Bound |> Option.forall (fun bound -> Bound.holds bound (ours row))

    /// Rows of several seeds as one list: each row keeps its place and has the values of every seed. Rows are matched by name.
    let overSeeds (rowsOfSeeds: Row list list) =
        let gather (row: Row) =
            let sameRow rows =
                rows
                |> List.filter (fun other -> other.Name = row.Name)
                |> List.collect _.Values

            { row with
                Values = List.collect sameRow rowsOfSeeds
            }

        rowsOfSeeds
        |> List.tryHead
        |> Option.map (List.map gather)
        |> Option.defaultValue []

    /// A number of this row in words, with its unit: 99.2 %, ∞, —.
    let show (row: Row) (number: float) =
        let text =
            match number with
            | infinitely when System.Double.IsPositiveInfinity infinitely -> "∞"
            | infinitely when System.Double.IsNegativeInfinity infinitely -> "−∞"
            | unknown when System.Double.IsNaN unknown -> "not a number"
            | finite -> finite.ToString(row.Format, CultureInfo.InvariantCulture)

        match row.Unit with
        | "" -> text
        | "°" -> text + "°"
        | unit -> $"{text} {unit}"
