namespace Functional.Core

/// Which part of the reconstruction a unit compares the data with.
[<RequireQualifiedAccess>]
type OjaRule =
    /// The whole: together the units span the principal subspace, in no order (Oja 1989).
    | Subspace
    /// That of the units up to itself: each becomes a principal component, in order (Sanger 1989).
    | Sanger

/// What a layer of Oja units computes.
type OjaForm =
    {
        Rule: OjaRule
        /// F of the codes y = F(x·W) and of the reconstruction F(y·Wᵀ).
        Activation: Activation
    }

/// A layer of units that learn principal components from what they see and what they answer (Oja 1982).
type Oja =
    {
        /// [inputs; units]; columns of length 1 once they are learnt, when F is linear.
        Weight: Tensor
        /// As many exact components of the data, to compare with; the units see x less its mean.
        Reference: Pca
        Form: OjaForm
    }

[<RequireQualifiedAccess>]
module Oja =
    /// The subspace rule of linear units.
    let defaults =
        {
            Rule = OjaRule.Subspace
            Activation = Linear
        }

    /// 1 at [k; j] where unit k is part of what unit j compares with.
    let private parts rule dtype units =
        match rule with
        | OjaRule.Subspace -> Tensor.ones dtype [ units; units ]
        | OjaRule.Sanger ->
            let unit = Tensor.arange units
            Tensor.cast dtype (Tensor.le (Tensor.unsqueeze 1 unit) (Tensor.unsqueeze 0 unit))

    /// Where the weights go: the mean over rows of yⱼ·(x − F(Σₖ yₖ·wₖ)) for each unit j, with y = F(x·W), and k over all units, or over
    /// 1 … j by Sanger's rule (lecture eqs 18.2-18.4). W [inputs; units], x [inputs] or [batch; inputs] → [inputs; units].
    let direction (form: OjaForm) (w: Tensor) (x: Tensor) : Tensor =
        let inputs, units = w.Shape[0], w.Shape[1]
        let x = Tensor.reshape [ -1; inputs ] x
        let f = Activation.apply form.Activation
        let y = f (Tensor.matmul x w)
        let parts = parts form.Rule w.DType units

        let sum =
            match form.Activation, form.Rule with
            | Linear, _ ->
                // Nothing needs the residual of each row, only its products with the codes.
                Tensor.matmul (Tensor.transpose x) y
                - Tensor.matmul w (parts * Tensor.matmul (Tensor.transpose y) y)
            | _, OjaRule.Subspace -> Tensor.matmul (Tensor.transpose (x - f (Tensor.matmul y (Tensor.transpose w)))) y
            | _, OjaRule.Sanger ->
                let seen =
                    Tensor.unsqueeze 1 y * Tensor.transpose parts |> Tensor.reshape [ -1; units ]

                let reconstructions =
                    f (Tensor.matmul seen (Tensor.transpose w))
                    |> Tensor.reshape [ -1; units; inputs ]

                Tensor.sumOver [ 0 ] (Tensor.unsqueeze 2 y * (Tensor.unsqueeze 1 x - reconstructions))
                |> Tensor.transpose

        sum / float x.Shape[0]

    /// One step of a rule: W + rate·direction. The rate is a scalar tensor, so that a program can be given another one.
    let step (form: OjaForm) (rate: Tensor) (w: Tensor) (x: Tensor) : Tensor = w + rate * direction form w x

    /// One step of the subspace rule of linear units: W + rate·mean yᵀ·(x − y·Wᵀ) with y = x·W. A row is a step of the sequential rule,
    /// rows together are one of the batch rule. W [inputs; units], x [inputs] or [batch; inputs] → [inputs; units].
    let update (rate: float) (w: Tensor) (x: Tensor) : Tensor =
        step defaults (Tensor.full w.DType [] rate) w x

    /// A step for each row, in order, by one program: x [rows; inputs].
    let sequential (form: OjaForm) (rate: float) (w: Tensor) (x: Tensor) : Tensor =
        let each = compile (fun (rate, w, row) -> step form rate w row)
        let rate = Tensor.full w.DType [] rate

        (w, [ 0 .. x.Shape[0] - 1 ])
        ||> List.fold (fun w row -> each (rate, w, Tensor.at 0 row x))

    /// Untrained units for data with those components, as many: weights drawn so that columns have a length near 1.
    let create (form: OjaForm) key (reference: Pca) : Oja =
        let units, inputs = reference.Components.Shape[0], reference.Components.Shape[1]

        {
            Weight = Init.draw (NormalWith(1.0 / sqrt (float inputs))) key inputs units [ inputs; units ]
            Reference = reference
            Form = form
        }

    /// Codes of rows, F((x − mean)·W): [batch; inputs] → [batch; units].
    let encode (oja: Oja) (x: Tensor) : Tensor =
        Activation.apply oja.Form.Activation (Tensor.matmul (x - oja.Reference.Mean) oja.Weight)

    /// The rows of codes, F(y·Wᵀ) + mean: [batch; units] → [batch; inputs].
    let decode (oja: Oja) (codes: Tensor) : Tensor =
        Activation.apply oja.Form.Activation (Tensor.matmul codes (Tensor.transpose oja.Weight))
        + oja.Reference.Mean

    /// Rows through their codes: [batch; inputs] → [batch; inputs].
    let reconstruct (oja: Oja) (x: Tensor) : Tensor = decode oja (encode oja x)

    /// The directions of the units, one a row: [units; inputs].
    let components (oja: Oja) : Tensor = Tensor.transpose oja.Weight

    /// The largest angle in degrees between the space that the units span and that of the exact components.
    let angle (oja: Oja) : float =
        Subspace.angle (components oja) oja.Reference.Components

    /// What training reports: loss, mse and explained_variance, as for principal components. The slope of the loss is the rule's: descent
    /// by plain gradients at some rate is the rule at that rate.
    let objective: Objective<Oja> =
        let report (oja: Oja) (batch: Batch) =
            Pca.measure oja.Reference (reconstruct oja batch.Rows) batch.Rows

        {
            Loss =
                fun oja input ->
                    let reported = report oja input.Batch
                    let w = Tensor.stopGradient oja.Weight
                    let direction = direction oja.Form w (input.Batch.Rows - oja.Reference.Mean)
                    // The error itself has a steeper slope: the rule takes the codes as given, and leaves out the slope of F.
                    let descent = Tensor.sum (Tensor.stopGradient direction * (w - oja.Weight))

                    {
                        Loss = Tensor.stopGradient (snd reported.Head) + descent
                        Reported = reported.Tail
                        Carried = oja
                    }
            Evaluate = fun oja _ batch -> report oja batch
        }

    /// A training that leaves the reference as it is.
    let phases: Phase<Oja> list =
        [
            { Phase.make 1 objective with
                Frozen = [ "Reference" ]
            }
        ]
