using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Cdr.Domain;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Regimes;

namespace Cdr.Rights.Tests.Fuzz;

/// <summary>
/// Real answers of every regime, damaged: no failure is read as "unknown", no other person is shown, nothing is thrown.
/// A round is made from its number alone: one that fails is tried again by adding it to <see cref="A_round_that_failed_once"/>.
/// </summary>
public sealed class ProtocolFuzz
{
    private const int Rounds = 4000;

    public static TheoryData<string> Protocols => [nameof(RegimeProtocol.Rest), nameof(RegimeProtocol.Soap), nameof(RegimeProtocol.Fhir)];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_damaged_answer_is_right_or_an_outage(string protocol)
    {
        using var fuzz = await Target.OfAsync(protocol);

        for (var round = 0; round < Rounds; round++)
            await fuzz.RoundAsync(round);

        // A fuzz that reads nothing, or damages nothing, proves nothing.
        Assert.InRange(fuzz.Unreadable, Rounds / 10, Rounds * 95 / 100);
        Assert.InRange(fuzz.Found, Rounds / 50, Rounds);
        Assert.InRange(fuzz.Unknown, 1, Rounds);
        Assert.True(protocol != nameof(RegimeProtocol.Rest) || fuzz is { BeneficiaryUnknown: > 0, Moved: > 0 }, "Nothing was left of a beneficiary unknown, or of a move.");
    }

    [Theory]
    [Trait("Category", "Deep")]
    [MemberData(nameof(Protocols))]
    public async Task Ten_minutes_of_damaged_answers(string protocol)
    {
        using var fuzz = await Target.OfAsync(protocol);
        var clock = Stopwatch.StartNew();

        for (var round = RandomNumberGenerator.GetInt32(int.MaxValue / 2); clock.Elapsed < Round.Long; round++)
            await fuzz.RoundAsync(round);
    }

    [Theory]
    [InlineData(nameof(RegimeProtocol.Rest), 0)]
    // « Unknown here » within a list in a list.
    [InlineData(nameof(RegimeProtocol.Fhir), 905272387)]
    // « Unknown here » with a status that is null.
    [InlineData(nameof(RegimeProtocol.Fhir), 196725226)]
    public async Task A_round_that_failed_once(string protocol, int round)
    {
        using var fuzz = await Target.OfAsync(protocol);

        await fuzz.RoundAsync(round);
    }

    private sealed class Target : IDisposable
    {
        private static readonly string[] ContentTypes =
            ["application/json", "application/json; charset=utf-8", "application/fhir+json", "text/xml", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-15", "text/html", "application/json; charset=iso-8859-1"];

        private readonly RegimeHarness harness = new(EveryDialectTests.AlwaysOpen, patient: true);
        private readonly string protocol;
        private readonly List<RealAnswer> answers;

        private Target(string protocol, List<RealAnswer> answers) => (this.protocol, this.answers) = (protocol, answers);

        public int Found { get; private set; }

        public int Unknown { get; private set; }

        public int BeneficiaryUnknown { get; private set; }

        public int Moved { get; private set; }

        public int Unreadable { get; private set; }

        public static async Task<Target> OfAsync(string protocol)
        {
            var answers = await RealAnswers.OfAsync(Enum.Parse<RegimeProtocol>(protocol));
            // Every way to say something is there to be damaged.
            Assert.Superset(
                new HashSet<Type> { typeof(RegimeAnswer.Found), typeof(RegimeAnswer.Unknown), typeof(RegimeAnswer.BeneficiaryUnknown), typeof(RegimeAnswer.Candidates), typeof(RegimeAnswer.Moved) }
                    .Where(type => protocol == nameof(RegimeProtocol.Rest) || type == typeof(RegimeAnswer.Found) || type == typeof(RegimeAnswer.Unknown)).ToHashSet(),
                answers.Select(one => one.Read.GetType()).ToHashSet());
            return new Target(protocol, answers);
        }

        public Task<RegimeAnswer> RoundAsync(int round) => Round.OfAsync(round, () => TryAsync(round));

        private async Task<RegimeAnswer> TryAsync(int round)
        {
            var mutate = new Mutator(new Random(round));
            var real = mutate.One(answers.ToArray());
            var body = real.Regime.Protocol == RegimeProtocol.Soap
                ? mutate.Xml(real.Body, real.Regime.Dialect.Encoding == WireEncoding.Latin9 ? CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-15")! : Encoding.UTF8)
                : mutate.Json(real.Body);
            var status = mutate.Sometimes(12) ? mutate.One(HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.InternalServerError, HttpStatusCode.BadRequest, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Accepted) : real.Status;
            harness.Plan(body, mutate.Sometimes(20) ? mutate.One(ContentTypes) : real.ContentType, status);

            var answer = await harness.AskAsync(real.Regime.Id.Value, real.Question);

            var what = $"{protocol}, {real.Regime.Id}, {(int)status}: {Mutator.Shown(body)}";
            switch (answer)
            {
                case RegimeAnswer.Found found:
                    Found++;
                    Assert.True(IsAsked(real.Question.Subject, found.Rights), $"Another person: {what}");
                    Assert.True(Texts(found.Rights).All(IsText), $"Not a text: {what}");
                    break;
                case RegimeAnswer.Candidates candidates:
                    Assert.True(candidates.People.All(one => IsAsked(real.Question.Subject, one)), $"Another person in the list: {what}");
                    break;
                case RegimeAnswer.Unknown:
                    Unknown++;
                    Assert.True(UnknownInItsWords.Says(real.Regime, status, body), $"Unknown: {what}");
                    break;
                case RegimeAnswer.BeneficiaryUnknown:
                    BeneficiaryUnknown++;
                    Assert.True(UnknownInItsWords.SaysOfBeneficiary(real.Regime, status, body), $"This beneficiary unknown: {what}");
                    break;
                case RegimeAnswer.Moved moved:
                    Moved++;
                    Assert.True(MovedInItsWords.Says(real.Regime, status, body, moved), $"Moved to {moved.To} since {moved.Since}: {what}");
                    Assert.True(moved.Rights is null || IsAsked(real.Question.Subject, moved.Rights) && Texts(moved.Rights).All(IsText), $"Another person who moved: {what}");
                    break;
                case RegimeAnswer.Unavailable:
                    Unreadable++;
                    break;
                default:
                    Assert.Fail($"{answer.GetType().Name}: {what}");
                    break;
            }

            return answer;
        }

        public void Dispose() => harness.Dispose();

        private static bool IsAsked(RegimeSubject asked, DatedRights rights) => asked switch
        {
            RegimeSubject.ByNir byNir =>
                (byNir.Nir.Kind != NirKind.Permanent || rights.Insured.Nir == byNir.Nir || rights.Beneficiary.Nir == byNir.Nir)
                && (byNir.BeneficiaryBirthDate ?? rights.Beneficiary.BirthDate) == rights.Beneficiary.BirthDate
                && (byNir.BeneficiaryBirthRank ?? rights.Beneficiary.BirthRank) == rights.Beneficiary.BirthRank,
            RegimeSubject.ByName byName => byName.BirthDate == rights.Beneficiary.BirthDate,
            _ => false,
        };

        private static bool IsAsked(RegimeSubject asked, RegimeCandidate candidate) => asked switch
        {
            RegimeSubject.ByNir byNir =>
                (byNir.Nir.Kind != NirKind.Permanent || candidate.Nir is null || candidate.Nir == byNir.Nir)
                && (byNir.BeneficiaryBirthDate ?? candidate.BirthDate) == candidate.BirthDate,
            RegimeSubject.ByName byName => byName.BirthDate == candidate.BirthDate,
            _ => false,
        };

        private static IEnumerable<string?> Texts(DatedRights rights) =>
        [
            rights.Insured.FamilyName, rights.Insured.GivenName, rights.Beneficiary.FamilyName, rights.Beneficiary.NameInUse,
            rights.Beneficiary.GivenName, rights.Organism.Label, rights.Organism.ManagementCode, rights.Organism.ManagementCentre,
            rights.Physician?.Name, rights.ContractSpecificity,
        ];

        private static bool IsText(string? text) => text is null || (!string.IsNullOrWhiteSpace(text) && !text.Any(one => char.IsControl(one) || one == '\uFFFD'));
    }
}
