using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cdr.Client;

/// <summary>Enumerations are camel-case names on the wire.</summary>
internal sealed class WireName<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
