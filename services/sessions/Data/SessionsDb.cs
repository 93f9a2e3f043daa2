using Cdr.ServiceDefaults.Stores;
using Cdr.Sessions.Administration;
using Cdr.Sessions.OpenId;
using Cdr.Sessions.Package;
using Cdr.Sessions.Software;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Cdr.Sessions.Data;

internal sealed class SessionsDb(DbContextOptions<SessionsDb> options) : StoreContext(options)
{
    private const int Code = 64;

    public DbSet<HospitalGroup> Groups => Set<HospitalGroup>();

    public DbSet<LegalEntity> LegalEntities => Set<LegalEntity>();

    public DbSet<Establishment> Establishments => Set<Establishment>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<Habilitation> Habilitations => Set<Habilitation>();

    public DbSet<IssuedChallenge> Challenges => Set<IssuedChallenge>();

    public DbSet<OneTimeTicket> Tickets => Set<OneTimeTicket>();

    public DbSet<CardSession> Sessions => Set<CardSession>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<SpentAssertion> SpentAssertions => Set<SpentAssertion>();

    public DbSet<SoftwareClient> SoftwareClients => Set<SoftwareClient>();

    public DbSet<SoftwareSession> SoftwareSessions => Set<SoftwareSession>();

    public DbSet<ProviderSignIn> ProviderSignIns => Set<ProviderSignIn>();

    public DbSet<ProviderLogin> ProviderLogins => Set<ProviderLogin>();

    public DbSet<AdministrationRecord> AdministrationRecords => Set<AdministrationRecord>();

    public DbSet<TermsAcceptance> TermsAcceptances => Set<TermsAcceptance>();

    public DbSet<Post> Posts => Set<Post>();

    public DbSet<PostCard> PostCards => Set<PostCard>();

    public override IReadOnlyList<string> AppendOnlyTables { get; } = ["administration_records", "terms_acceptances"];

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<HospitalGroup>(group => group.ToTable("groups").Property(g => g.Id).HasMaxLength(Code));
        modelBuilder.Entity<LegalEntity>(entity =>
        {
            entity.ToTable("legal_entities").HasKey(e => e.Finess);
            entity.Property(e => e.Finess).HasMaxLength(9);
        });
        modelBuilder.Entity<Establishment>(establishment =>
        {
            establishment.ToTable("establishments").HasKey(e => e.Finess);
            establishment.Property(e => e.Finess).HasMaxLength(9);
            establishment.Property(e => e.Category).HasMaxLength(3);
            establishment.Property(e => e.Department).HasMaxLength(3);
            establishment.HasOne<LegalEntity>().WithMany().HasForeignKey(e => e.LegalEntityFiness).OnDelete(DeleteBehavior.Restrict);
            establishment.HasOne<HospitalGroup>().WithMany().HasForeignKey(e => e.GroupId).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<Unit>(unit =>
        {
            unit.ToTable("units").HasKey(u => new { u.EstablishmentFiness, u.Code });
            unit.Property(u => u.Code).HasMaxLength(Code);
            unit.Property(u => u.Function).HasMaxLength(Code);
            unit.HasOne<Establishment>().WithMany(e => e.Units).HasForeignKey(u => u.EstablishmentFiness);
        });
        Register(modelBuilder);
        SignIns(modelBuilder);
        SoftwareTables.Build(modelBuilder);
        AdministrationRecord.Build(modelBuilder);
        ProviderSignIn.Build(modelBuilder);
        ProviderLogin.Build(modelBuilder);
        PostsOf(modelBuilder);
        PackageTables.Build(modelBuilder);
        modelBuilder.Entity<SigningKey>(key => key.ToTable("signing_keys").Property(k => k.Id).HasMaxLength(Code));
        modelBuilder.Entity<SpentAssertion>(spent => spent.ToTable("spent_assertions").HasIndex(s => s.ExpiresAt));
    }

    private static void Register(ModelBuilder model)
    {
        model.Entity<Person>(person => person.ToTable("people").HasIndex(p => p.Reference).IsUnique());
        model.Entity<Habilitation>(habilitation =>
        {
            habilitation.ToTable("habilitations").HasIndex(h => new { h.PersonId, h.Key }).IsUnique();
            habilitation.Property(h => h.Key).HasMaxLength(320);
            habilitation.Property(h => h.Role).HasMaxLength(Code);
            habilitation.Property(h => h.Origin).HasMaxLength(Code);
            habilitation.Property(h => h.Regime).HasMaxLength(Code);
            habilitation.Property(h => h.Organism).HasMaxLength(Habilitation.OrganismLength);
            habilitation.HasOne(h => h.Establishment).WithMany().HasForeignKey(h => h.EstablishmentFiness).OnDelete(DeleteBehavior.Restrict);
            habilitation.HasOne<Unit>().WithMany().HasForeignKey(h => new { h.EstablishmentFiness, h.Unit }).OnDelete(DeleteBehavior.Restrict);
            habilitation.HasOne<HospitalGroup>().WithMany().HasForeignKey(h => h.GroupId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<TermsAcceptance>(acceptance =>
        {
            acceptance.ToTable("terms_acceptances").HasKey(a => new { a.PersonId, a.Version });
            acceptance.Property(a => a.Version).HasMaxLength(Code);
            acceptance.HasOne<Person>().WithMany().HasForeignKey(a => a.PersonId);
        });
    }

    private static void PostsOf(ModelBuilder model)
    {
        model.Entity<Post>(post =>
        {
            post.ToTable("posts").HasIndex(p => new { p.Reference, p.EstablishmentFiness }).IsUnique();
            // Of no establishment too, one: nulls are all distinct to an index, in SQLite always.
            post.HasIndex(p => p.Reference).IsUnique().HasFilter("\"EstablishmentFiness\" IS NULL");
            post.HasIndex(p => p.ReportedAt);
            post.Property(p => p.Reference).HasMaxLength(Code);
            post.Property(p => p.Label).HasMaxLength(Code);
            post.HasOne(p => p.Establishment).WithMany().HasForeignKey(p => p.EstablishmentFiness).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<PostCard>(card =>
        {
            card.ToTable("post_cards").HasKey(c => new { c.PostId, c.Pki });
            card.Property(c => c.Pki).HasMaxLength(Code);
            card.HasOne<Post>().WithMany(p => p.Cards).HasForeignKey(c => c.PostId);
        });
    }

    private static void SignIns(ModelBuilder model)
    {
        model.Entity<IssuedChallenge>(challenge => challenge.ToTable("challenges").HasIndex(c => c.ExpiresAt));
        model.Entity<OneTimeTicket>(ticket =>
        {
            ticket.ToTable("tickets").HasKey(t => t.Hash);
            ticket.HasIndex(t => t.ExpiresAt);
            ticket.HasIndex(t => t.SessionId);
            ticket.ComplexProperty(t => t.Card, Card);
            ticket.Property(t => t.Pki).HasMaxLength(Code);
        });
        model.Entity<CardSession>(session =>
        {
            session.ToTable("sessions").HasIndex(s => s.Ticket).IsUnique();
            session.HasIndex(s => s.CopyDueAt);
            session.HasIndex(s => new { s.EndedAt, s.EndsAt });
            session.ComplexProperty(s => s.Card, Card);
            session.Property(s => s.EndedBecause).HasMaxLength(Code);
            session.HasOne(s => s.Habilitation).WithMany().HasForeignKey(s => s.HabilitationId).OnDelete(DeleteBehavior.Restrict);
            session.HasOne(s => s.Person).WithMany().HasForeignKey(s => s.PersonId).OnDelete(DeleteBehavior.Restrict);
        });
    }

    private static void Card(ComplexPropertyBuilder<ProvenCard> card)
    {
        card.Property(c => c.Kind).HasMaxLength(Code);
        card.Property(c => c.Issuer).HasMaxLength(64);
        card.Property(c => c.Serial).HasMaxLength(64);
    }
}
