using System.ComponentModel.DataAnnotations;

namespace Cdr.RegimeSimulator;

internal sealed class SimulatorOptions
{
    public const string Section = "Simulator";
    public const int DefaultSeed = 20260101;
    public const int DefaultInsuredPersons = 200_000;

    /// <value>Default 20260101. The same seed, size and registry give the same people, for ever.</value>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = DefaultSeed;

    /// <value>Default 200,000 insured persons, their beneficiaries apart. The named cases are always there besides.</value>
    [Range(0, 2_000_000)]
    public int InsuredPersons { get; init; } = DefaultInsuredPersons;

    /// <value>Default <c>demo</c>; <c>paced</c> has no limits and no hours; <c>bench</c> is as fast as it can be.</value>
    [EnumDataType(typeof(SimulatorProfile))]
    public SimulatorProfile Profile { get; init; } = SimulatorProfile.Demo;

    /// <value>Path of the registry of regimes. Default: the copy next to the binary.</value>
    public string? RegistryFile { get; init; }
}
