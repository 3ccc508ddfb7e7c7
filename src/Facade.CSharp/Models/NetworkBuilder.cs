using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// The layers of a network before it is trained, one call a layer. It is immutable: every call gives a longer list of layers. Sizes follow
/// from the data; a layer that does not fit is refused when training begins, by its number and text.
/// </summary>
public sealed class NetworkBuilder
{
    private readonly IReadOnlyList<Core.LayerSpec> _layers;

    /// <summary>No layers yet.</summary>
    public NetworkBuilder()
        : this([]) { }

    private NetworkBuilder(IReadOnlyList<Core.LayerSpec> layers) => _layers = layers;

    /// <summary>The layers as text, in order: conv:32:3, relu, maxpool:2.</summary>
    public IReadOnlyList<string> Layers => [.. _layers.Select(layer => Core.LayerText.print([layer]))];

    /// <summary>Layers as they are written on the command line: <c>conv:32:3,relu,maxpool:2</c>.</summary>
    /// <exception cref="ArgumentException">a layer that can not be read; names it and its form.</exception>
    public NetworkBuilder Add(string layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return new NetworkBuilder([.. _layers, .. Core.LayerText.parse(layers)]);
    }

    /// <summary>Units that each see every number of a row.</summary>
    /// <param name="units">1 or more.</param>
    /// <param name="initializer">The one that suits the next activation when null.</param>
    public NetworkBuilder Dense(int units, Initializer? initializer = null) => With(Core.LayerSpec.NewDense(units, initializer?.ToCore()));

    /// <summary>Square filters that move over images [channels, height, width].</summary>
    /// <param name="filters">Channels of the result; 1 or more.</param>
    /// <param name="kernel">Rows and columns of a filter; 1 or more.</param>
    /// <param name="stride">Pixels from one position to the next; 1 or more.</param>
    /// <param name="padding"><see cref="Padding.Valid"/> when null.</param>
    /// <param name="dilation">Pixels from one weight of a filter to the next; 1 or more.</param>
    /// <param name="groups">Parts that the channels fall into; divides the channels on both sides.</param>
    /// <param name="bias">Whether filters add a number of their own.</param>
    /// <param name="initializer">The one that suits the next activation when null.</param>
    /// <param name="regularizer">A price on the layer's weights; none when null.</param>
    public NetworkBuilder Conv2D(
        int filters,
        int kernel,
        int stride = 1,
        Padding? padding = null,
        int dilation = 1,
        int groups = 1,
        bool bias = true,
        Initializer? initializer = null,
        Regularizer? regularizer = null
    ) => With(Core.LayerSpec.NewConv2D(Filters(filters, kernel, stride, padding, dilation, groups, bias, initializer, regularizer)));

    /// <summary>The transpose of a convolution, which makes images larger; with <see cref="Padding.Same"/> stride times as large.</summary>
    /// <inheritdoc cref="Conv2D"/>
    public NetworkBuilder ConvTranspose2D(
        int filters,
        int kernel,
        int stride = 1,
        Padding? padding = null,
        int dilation = 1,
        int groups = 1,
        bool bias = true,
        Initializer? initializer = null,
        Regularizer? regularizer = null
    ) =>
        With(
            Core.LayerSpec.NewConvTranspose2D(Filters(filters, kernel, stride, padding, dilation, groups, bias, initializer, regularizer))
        );

    /// <summary>The maximum of square windows.</summary>
    /// <param name="size">Rows and columns of a window; 1 or more.</param>
    /// <param name="stride">Pixels from one window to the next; the size when null.</param>
    /// <param name="padding"><see cref="Padding.Valid"/> when null.</param>
    public NetworkBuilder MaxPool(int size, int? stride = null, Padding? padding = null) =>
        With(Core.LayerSpec.NewMaxPool(Window(size, stride, padding)));

    /// <summary>The mean of square windows; padding counts as zeros.</summary>
    /// <inheritdoc cref="MaxPool"/>
    public NetworkBuilder AvgPool(int size, int? stride = null, Padding? padding = null) =>
        With(Core.LayerSpec.NewAvgPool(Window(size, stride, padding)));

    /// <summary>Normalisation of each channel or unit by the batch in training, and by running statistics in use.</summary>
    /// <param name="momentum">How much of the running statistics a step keeps; 0 up to less than 1.</param>
    /// <param name="epsilon">Added to the variance; more than 0.</param>
    public NetworkBuilder BatchNorm(double momentum = 0.99, double epsilon = 0.001) => With(Core.LayerSpec.NewBatchNorm(momentum, epsilon));

    /// <summary>Numbers become 0 in training with probability <paramref name="rate"/>, 0 up to less than 1.</summary>
    public NetworkBuilder Dropout(double rate) => With(Core.LayerSpec.NewDropout(rate));

    /// <inheritdoc cref="Dropout(double)"/>
    public NetworkBuilder Dropout(float rate) => Dropout((double)(decimal)rate);

    /// <summary>Images to rows of numbers.</summary>
    public NetworkBuilder Flatten() => With(Core.LayerSpec.Flatten);

    /// <summary>Rows in another shape: <c>Reshape(1, 28, 28)</c>.</summary>
    public NetworkBuilder Reshape(params ReadOnlySpan<int> shape) => With(Core.LayerSpec.NewReshape(ListModule.OfSeq(shape.ToArray())));

    /// <summary>Zeros around each image, <paramref name="size"/> on every side.</summary>
    public NetworkBuilder Pad(int size) => With(Core.LayerSpec.NewPad(size));

    /// <summary>A nonlinearity.</summary>
    public NetworkBuilder Activation(Activation activation) => With(Core.LayerSpec.NewActivation(activation.ToCore()));

    /// <summary>x, or 0 below 0.</summary>
    public NetworkBuilder Relu() => Activation(Functional.Activation.Relu);

    /// <summary>x, or 0.01·x below 0.</summary>
    public NetworkBuilder LeakyRelu() => Activation(Functional.Activation.LeakyRelu);

    /// <summary>x, or eˣ − 1 below 0.</summary>
    public NetworkBuilder Elu() => Activation(Functional.Activation.Elu);

    /// <summary>1/(1 + e⁻ˣ).</summary>
    public NetworkBuilder Sigmoid() => Activation(Functional.Activation.Sigmoid);

    /// <summary>The hyperbolic tangent.</summary>
    public NetworkBuilder Tanh() => Activation(Functional.Activation.Tanh);

    /// <summary>x·sigmoid(x).</summary>
    public NetworkBuilder Swish() => Activation(Functional.Activation.Swish);

    /// <summary>log(1 + eˣ).</summary>
    public NetworkBuilder Softplus() => Activation(Functional.Activation.Softplus);

    /// <summary>eˣ / Σ eˣ. Not for the last layer of a classifier, whose loss takes logits.</summary>
    public NetworkBuilder Softmax() => Activation(Functional.Activation.Softmax);

    /// <summary>All layers as text, as the command line takes them.</summary>
    public override string ToString() => Core.LayerText.print(ToCore());

    internal FSharpList<Core.LayerSpec> ToCore() => ListModule.OfSeq(_layers);

    private static Core.Conv2DOptions Filters(
        int filters,
        int kernel,
        int stride,
        Padding? padding,
        int dilation,
        int groups,
        bool bias,
        Initializer? initializer,
        Regularizer? regularizer
    ) =>
        new(
            filters,
            Tuple.Create(kernel, kernel),
            Tuple.Create(stride, stride),
            (padding ?? Padding.Valid).ToCore(),
            Tuple.Create(dilation, dilation),
            groups,
            bias,
            initializer?.ToCore(),
            (regularizer ?? Regularizers.None).ToCore()
        );

    private static Core.Pool Window(int size, int? stride, Padding? padding) =>
        new(Tuple.Create(size, size), Tuple.Create(stride ?? size, stride ?? size), (padding ?? Padding.Valid).ToCore());

    private NetworkBuilder With(Core.LayerSpec layer) => new([.. _layers, layer]);
}
