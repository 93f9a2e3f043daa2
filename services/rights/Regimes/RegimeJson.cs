using System.Text.Json;
using System.Text.Json.Serialization;
using Cdr.Domain;

namespace Cdr.Rights.Regimes;

/// <summary>How the registry is read and how an answer is kept in the cache.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(AsText.OfNir), typeof(AsText.OfBirthDate), typeof(AsText.OfBirthRank), typeof(AsText.OfQuality),
        typeof(AsText.OfOrganism), typeof(AsText.OfPeriod), typeof(AsText.OfExemption), typeof(AsText.OfModulation),
        typeof(AsText.OfSituation), typeof(AsText.OfComplementaryBody), typeof(AsText.OfWorkAccident),
        typeof(AsText.OfRpps), typeof(AsText.OfRegimeId), typeof(AsText.OfTimeOfDay),
    ])]
[JsonSerializable(typeof(RegimeAnswer))]
[JsonSerializable(typeof(RegimeReply))]
[JsonSerializable(typeof(RegistryFile))]
internal sealed partial class RegimeJson : JsonSerializerContext;

/// <summary>A value of the field as the text it is read from.</summary>
internal abstract class AsText<T>(Func<string?, Parsed<T>> parse, Func<T, string> write) : JsonConverter<T>
    where T : class
{
    /// <exception cref="JsonException">Not such a value; the value itself is not in the message.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && parse(reader.GetString()).TryGet(out var value, out _)
            ? value
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
}

internal static class AsText
{
    public sealed class OfNir() : AsText<Nir>(Nir.Parse, one => one.Value);

    public sealed class OfBirthDate() : AsText<BirthDate>(BirthDate.Parse, one => one.Iso);

    public sealed class OfBirthRank() : AsText<BirthRank>(BirthRank.Parse, one => one.ToString());

    public sealed class OfQuality() : AsText<BeneficiaryQuality>(BeneficiaryQuality.Parse, one => one.Code);

    public sealed class OfOrganism() : AsText<Organism>(Organism.Parse, one => one.Value);

    public sealed class OfPeriod() : AsText<CarePeriod>(CarePeriod.Parse, one => one.ToString());

    public sealed class OfExemption() : AsText<Exemption>(Exemption.Parse, one => one.Code);

    public sealed class OfModulation() : AsText<Modulation>(Modulation.Parse, one => one.Code);

    public sealed class OfSituation() : AsText<SpecialSituation>(SpecialSituation.Parse, one => one.Code);

    public sealed class OfComplementaryBody() : AsText<ComplementaryBody>(ComplementaryBody.Parse, one => one.Value);

    public sealed class OfWorkAccident() : AsText<WorkAccidentNumber>(WorkAccidentNumber.Parse, one => one.Value);

    public sealed class OfRpps() : AsText<Rpps>(Rpps.Parse, one => one.Value);

    public sealed class OfRegimeId() : AsText<RegimeId>(RegimeId.Parse, one => one.Value);

    /// <summary><c>HH:mm</c>, as opening hours are written.</summary>
    public sealed class OfTimeOfDay : JsonConverter<TimeOnly>
    {
        private const string Format = "HH:mm";

        public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeOnly.TryParseExact(reader.GetString(), Format, out var time) ? time : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(Format, System.Globalization.CultureInfo.InvariantCulture));
    }
}
