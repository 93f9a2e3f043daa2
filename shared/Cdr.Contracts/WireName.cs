using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cdr.Contracts;

/// <summary>Enumerations cross the wire as camel-case names, never as numbers: a new member must not renumber the others.</summary>
public sealed class WireName<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
