using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using MassTransit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using NetArchTest.Rules;

namespace Cdr.Architecture.Tests.Rules;

/// <summary>What compiled types may be.</summary>
internal static class TypeRules
{
    private static readonly string[] EmptySuffixes = ["Dto", "Service", "IntegrationEvent", "Manager", "Helper", "Helpers", "Utils"];

    /// <summary>Out through the door of a service: its program, its AddX and MapX, and what a library needs to see.</summary>
    public static IEnumerable<string> OnlyTheDoorIsPublic(IReadOnlyCollection<Type> types)
    {
        var shown = types.Where(typeof(IComponent).IsAssignableFrom).SelectMany(ParameterTypes).ToHashSet();
        return types.Where(type => type.IsVisible && !IsDoor(type) && !LibrariesNeedIt(type) && !shown.Contains(type)).Select(type => $"{type.FullName} is public");
    }

    /// <summary>A contract is a sealed record, or a closed set: an abstract record with sealed ones inside.</summary>
    public static IEnumerable<string> ContractsAreSealedRecords(IEnumerable<Type> types) =>
        types.Where(type => type is { IsClass: true, IsVisible: true } && !IsStatic(type) && !IsGenerated(type) && !typeof(JsonConverter).IsAssignableFrom(type))
            .Where(type => !IsRecord(type) || !(type.IsSealed || (type.IsAbstract && type.GetNestedTypes().Any(inner => inner.BaseType == type))))
            .Select(type => $"{type.FullName} is no sealed record");

    /// <summary>A message exists once, in the contracts: a copy of it would be another message.</summary>
    public static IEnumerable<string> MessagesAreContracts(IEnumerable<Type> types) =>
        from type in types
        from consumed in type.GetInterfaces().Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IConsumer<>))
        let message = consumed.GetGenericArguments()[0]
        where message.Namespace?.StartsWith("Cdr.Contracts", StringComparison.Ordinal) != true
        select $"{type.FullName} consumes {message.FullName}";

    public static IEnumerable<string> NamesSayWhatTypesAre(IEnumerable<Type> types) =>
        from type in types
        where !IsGenerated(type)
        let name = type.Name.Split('`')[0]
        from suffix in EmptySuffixes
        where name.EndsWith(suffix, StringComparison.Ordinal)
        select $"{type.FullName} ends with « {suffix} »";

    public static IEnumerable<string> NoInputOrOutput(PredicateList types) =>
        types.ShouldNot().HaveDependencyOnAny("System.IO", "System.Net", "System.Data", "Microsoft").GetResult().FailingTypes?.Select(type => $"{type.FullName} does I/O") ?? [];

    /// <summary>A channel knows no card, a card no reader and no platform: each can be exchanged for another.</summary>
    public static IEnumerable<string> LayerKnowsNothingAbove(Assembly agent, string layer, params string[] above) =>
        Types.InAssembly(agent).That().ResideInNamespace(layer).ShouldNot().HaveDependencyOnAny(above).GetResult().FailingTypes?.Select(type => $"{type.FullName} knows what is above it") ?? [];

    public static IEnumerable<string> NoServiceKnowsAnother(IReadOnlyCollection<Assembly> services) =>
        from service in services
        from reference in service.GetReferencedAssemblies()
        where services.Any(other => other != service && other.GetName().Name == reference.Name)
        select $"{service.GetName().Name} references {reference.Name}";

    private static bool IsDoor(Type type)
    {
        var methods = type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
        var others = type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Except(methods).Any(member => member is not ConstructorInfo);
        return methods.Length > 0 && !others
            && (type.Name.EndsWith("Program", StringComparison.Ordinal)
                ? methods.All(method => method.Name == "Main")
                : IsStatic(type) && methods.All(method => method.IsDefined(typeof(ExtensionAttribute)) && (method.Name.StartsWith("Add", StringComparison.Ordinal) || method.Name.StartsWith("Map", StringComparison.Ordinal))));
    }

    /// <summary>Components are public whatever is asked, and so must be the types of what they are given.</summary>
    private static IEnumerable<Type> ParameterTypes(Type component) =>
        component.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute)))
            .SelectMany(property => (IEnumerable<Type>)[property.PropertyType, .. property.PropertyType.GetGenericArguments()])
            .Select(type => type.GetElementType() ?? type);

    /// <summary>Razor makes components and its imports public; EF's tool writes migrations public.</summary>
    private static bool LibrariesNeedIt(Type type) =>
        type.Name == "_Imports" || typeof(IComponent).IsAssignableFrom(type) || typeof(Migration).IsAssignableFrom(type) || typeof(ModelSnapshot).IsAssignableFrom(type)
        || (type.DeclaringType is { } outer && LibrariesNeedIt(outer));

    private static bool IsStatic(Type type) => type is { IsAbstract: true, IsSealed: true };

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance) is not null;

    private static bool IsGenerated(Type type) => type.Name.Contains('<', StringComparison.Ordinal) || type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.Namespace?.StartsWith("Cdr.", StringComparison.Ordinal) != true;
}
