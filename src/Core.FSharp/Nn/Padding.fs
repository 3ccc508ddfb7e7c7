namespace Functional.Core

/// Zeros around an image before windows move over it.
[<RequireQualifiedAccess>]
type Padding =
    /// None: every window lies within the image.
    | Valid
    /// As many as make ⌈size/stride⌉ positions; where their number is odd, the odd one goes below and to the right.
    | Same
    /// So many rows above and below, and columns left and right.
    | Explicit of rows: int * columns: int

[<RequireQualifiedAccess>]
module Padding =
    /// Zeros at both ends of the axis that `pick` takes from (height, width).
    let private ends padding kernel stride dilation size (pick: int * int -> int) =
        match padding with
        | Padding.Valid -> 0, 0
        | Padding.Same ->
            let reach = pick dilation * (pick kernel - 1) + 1
            let positions = (pick size + pick stride - 1) / pick stride
            let total = max 0 ((positions - 1) * pick stride + reach - pick size)
            total / 2, total - total / 2
        | Padding.Explicit(rows, columns) -> pick (rows, columns), pick (rows, columns)

    /// How a window of the size (height, width), stride and dilation given lies over images [batch; channels; height; width].
    let internal window padding kernel stride dilation (images: Tensor) : ConvOptions =
        if images.Rank <> 4 then
            Errors.shape "window" (Errors.show images.Shape) "images [batch; channels; height; width]" "reshape the rows first"

        let ends = ends padding kernel stride dilation (images.Shape[2], images.Shape[3])

        { ConvOptions.defaults with
            Stride = stride
            Dilation = dilation
            PadHeight = ends fst
            PadWidth = ends snd
        }
