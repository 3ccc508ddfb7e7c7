namespace Functional.Core

open System

/// Arithmetic of shapes: sizes along axes, outermost first. [||] is a scalar. Shapes are never changed once made.
[<RequireQualifiedAccess>]
module Shape =
    /// The number of elements; negative sizes and more than 2³¹ − 1 elements are refused.
    let count (shape: int[]) =
        let most = int64 Int32.MaxValue
        // Stops one above the most, so that no product of sizes overflows and a size of 0 still makes it 0.
        let total =
            shape |> Array.fold (fun total size -> min (total * int64 size) (most + 1L)) 1L

        if Array.exists (fun size -> size < 0) shape then
            Errors.shape "shape" (Errors.show shape) "sizes of 0 or more" ""
        elif total > most then
            Errors.shape "shape" $"{Errors.show shape} with more than {most} elements" $"at most {most}" "split the data"
        else
            int total

    /// Elements from one index to the next along each axis of a contiguous tensor.
    let strides (shape: int[]) =
        let strides = Array.create shape.Length 1

        for axis in shape.Length - 2 .. -1 .. 0 do
            strides[axis] <- strides[axis + 1] * shape[axis + 1]

        strides

    /// The axis 0..rank−1 that `axis` names; −1 is the last.
    let axis operation rank axis =
        let found = if axis < 0 then axis + rank else axis

        if found < 0 || found >= rank then
            Errors.shape operation $"axis {axis} of a tensor of rank {rank}" $"{-rank} to {rank - 1}" ""
        else
            found

    /// The axes named, each once, in ascending order.
    let axes operation rank (named: int seq) =
        let found = named |> Seq.map (axis operation rank) |> Seq.toArray |> Array.sort

        for i in 1 .. found.Length - 1 do
            if found[i] = found[i - 1] then
                Errors.shape operation $"axis {found[i]} twice" "each axis once" ""

        found

    /// The shape without the axes (sorted), or with size 1 in their place.
    let without (axes: int[]) (shape: int[]) =
        [|
            for axis in 0 .. shape.Length - 1 do
                if not (Array.contains axis axes) then
                    shape[axis]
        |]

    let keeping (axes: int[]) (shape: int[]) =
        shape
        |> Array.mapi (fun axis size -> if Array.contains axis axes then 1 else size)

    /// The common shape of two tensors: aligned at the last axis, sizes equal or 1.
    let broadcast operation (a: int[]) (b: int[]) =
        if a = b then
            a
        else
            let rank = max a.Length b.Length

            let size (shape: int[]) axis =
                if axis < rank - shape.Length then
                    1
                else
                    shape[axis - rank + shape.Length]

            Array.init rank (fun axis ->
                match size a axis, size b axis with
                | x, y when x = y -> x
                | 1, y -> y
                | x, 1 -> x
                | x, y ->
                    Errors.shape
                        operation
                        $"{Errors.show a} and {Errors.show b}, sizes {x} and {y} at axis {axis}"
                        "sizes that are equal or 1"
                        "reshape or transpose one of them")

    /// Whether `shape` broadcasts to `target`.
    let broadcastsTo (target: int[]) (shape: int[]) =
        shape.Length <= target.Length
        && Seq.forall2 (fun size wanted -> size = wanted || size = 1) shape (Seq.skip (target.Length - shape.Length) target)

    /// The axes of `target` along which `shape` was repeated to reach it, and those it lacked.
    let repeated (target: int[]) (shape: int[]) =
        let lacking = target.Length - shape.Length

        [|
            for axis in 0 .. target.Length - 1 do
                if axis < lacking || (shape[axis - lacking] = 1 && target[axis] <> 1) then
                    axis
        |]

    /// Whether each of `positions` windows holds at least one element that is no padding.
    let windowsHoldElements size kernel stride dilation low positions =
        Seq.forall
            (fun position ->
                Seq.exists
                    (fun i ->
                        let place = position * stride - low + i * dilation
                        place >= 0 && place < size)
                    (seq { 0 .. kernel - 1 }))
            (seq { 0 .. positions - 1 })

    /// Positions of a window of `kernel` (spaced by `dilation`) that moves by `stride` over `size` + pads: ⌊(size + low + high − dilation·(kernel − 1) − 1)/stride⌋ + 1.
    let windows operation size kernel stride dilation low high =
        let reach = dilation * (kernel - 1) + 1

        if kernel < 1 || stride < 1 || dilation < 1 then
            Errors.shape operation $"kernel {kernel}, stride {stride}, dilation {dilation}" "1 or more each" ""
        elif low < 0 || high < 0 then
            Errors.shape operation $"padding {low} and {high}" "0 or more" "crop with slice first"
        elif size + low + high < reach then
            Errors.shape
                operation
                $"size {size} with padding {low} and {high}"
                $"at least the window's reach {reach}"
                "add padding or use a smaller kernel"
        else
            (size + low + high - reach) / stride + 1
