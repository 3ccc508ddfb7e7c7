using System.Reflection;
using Xunit;

namespace Functional.Tests;

public class SurfaceTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Facade = typeof(Models).Assembly;

    [Fact]
    public void No_type_of_FSharp_or_of_the_core_is_visible()
    {
        string[] found =
        [
            .. from type in Facade.GetExportedTypes()
            from mentioned in Mentioned(type).SelectMany(Parts).Distinct()
            where IsForeign(mentioned)
            select $"{type.Name}: {mentioned}",
        ];
        Assert.Empty(found);
    }

    [Fact]
    public void The_walk_sees_the_members_that_callers_use()
    {
        Assert.Contains(typeof(ReadOnlySpan<float>), Mentioned(typeof(VaeModel)));
        Assert.Contains(typeof(IReadOnlyList<int>), Mentioned(typeof(VaeOptions)));
        Assert.Contains(Parts(typeof(Dictionary<string, Microsoft.FSharp.Core.Unit[]>)), IsForeign);
        Assert.Contains(Parts(typeof(Func<Core.Tensor>)), IsForeign);
    }

    [Fact]
    public void Options_have_values_for_everything_and_say_what_they_take()
    {
        foreach (ITrainer trainer in Models.All)
        {
            Assert.Same(trainer, Models.Named(trainer.Name));
            trainer.Defaults.Validate();
            Assert.All(trainer.Defaults.List(), option => Assert.NotEmpty(option.Expected));
        }
    }

    /// <summary>Every type that a caller of a public type can see: bases, interfaces, constraints and signatures.</summary>
    private static IEnumerable<Type> Mentioned(Type type)
    {
        IEnumerable<Type> shape = [type.BaseType ?? typeof(object), .. type.GetInterfaces(), .. Constraints(type.GetGenericArguments())];
        return shape.Concat(type.GetMembers(Declared).Where(IsVisible).SelectMany(Signature));
    }

    private static bool IsVisible(MemberInfo member) =>
        member switch
        {
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            _ => false,
        };

    // Properties and events are seen by their accessors.
    private static IEnumerable<Type> Signature(MemberInfo member) =>
        member switch
        {
            FieldInfo field => [field.FieldType],
            MethodInfo method => [method.ReturnType, .. Parameters(method), .. Constraints(method.GetGenericArguments())],
            MethodBase constructor => Parameters(constructor),
            _ => [],
        };

    private static IEnumerable<Type> Parameters(MethodBase method) => method.GetParameters().Select(parameter => parameter.ParameterType);

    private static IEnumerable<Type> Constraints(Type[] arguments) =>
        arguments.Where(argument => argument.IsGenericParameter).SelectMany(argument => argument.GetGenericParameterConstraints());

    private static IEnumerable<Type> Parts(Type type) =>
        [
            type,
            .. type.HasElementType ? Parts(type.GetElementType()!) : [],
            .. type.GetGenericArguments().Where(part => !part.IsGenericParameter).SelectMany(Parts),
        ];

    private static bool IsForeign(Type type) =>
        type.Namespace is { } name
        && (name.StartsWith("Microsoft.FSharp") || name.StartsWith("Functional.Core") || name.StartsWith("Functional.Kernels"));
}
