using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Causes;
using Cdr.Support.Incidents;
using Cdr.Support.Information;
using Cdr.Support.Knowledge;
using Cdr.Support.Mail;
using Cdr.Support.Search;
using Cdr.Support.Templates;
using Cdr.Support.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Store;

/// <summary>Tickets and what proves them. Words that may name a person are sealed; plain columns hold what lists and clocks need.</summary>
internal sealed class SupportDb(DbContextOptions<SupportDb> options) : StoreContext(options)
{
    /// <summary>The trail and the proof. In PostgreSQL a trigger of the first migration says the same.</summary>
    public override IReadOnlyList<string> AppendOnlyTables => ["entries", "evidence", "evidence_reads", "attachments", "clock_rules", "organism_tables", "organisms", "erasures", "erased", "sending_choices", "causes", "templates", .. KnowledgeModel.AppendOnly, .. InformationModel.AppendOnly, .. IncidentModel.AppendOnly];

    /// <summary>What retention takes goes only where a row that stays names it.</summary>
    public override IReadOnlyDictionary<string, string> Erasable { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["entries"] = Named(ErasedKind.Entry), ["evidence"] = Named(ErasedKind.Answer), ["evidence_reads"] = Named(ErasedKind.Reading), ["attachments"] = Named(ErasedKind.File),
        ["tickets"] = "EXISTS (SELECT 1 FROM erasures WHERE \"Ticket\" = OLD.\"Id\" AND \"Whole\")",
    };

    private static string Named(ErasedKind kind) => $"EXISTS (SELECT 1 FROM erased WHERE \"Kind\" = '{kind}' AND \"Id\" = OLD.\"Id\")";

    public DbSet<TicketRow> Tickets => Set<TicketRow>();

    public DbSet<EntryRow> Entries => Set<EntryRow>();

    public DbSet<ClockRow> Clocks => Set<ClockRow>();

    public DbSet<LinkRow> Links => Set<LinkRow>();

    public DbSet<LookRow> Looks => Set<LookRow>();

    public DbSet<WatcherRow> Watchers => Set<WatcherRow>();

    public DbSet<EvidenceRow> Evidence => Set<EvidenceRow>();

    public DbSet<EvidenceReadRow> EvidenceReads => Set<EvidenceReadRow>();

    public DbSet<AttachmentRow> Attachments => Set<AttachmentRow>();

    public DbSet<ErasureRow> Erasures => Set<ErasureRow>();

    public DbSet<ErasedRow> Erased => Set<ErasedRow>();

    public DbSet<RulesRow> Rules => Set<RulesRow>();

    public DbSet<OrganismTableRow> OrganismTables => Set<OrganismTableRow>();

    public DbSet<OrganismRow> Organisms => Set<OrganismRow>();

    public DbSet<EstablishmentRow> Establishments => Set<EstablishmentRow>();

    public DbSet<EstablishmentGroupRow> Groups => Set<EstablishmentGroupRow>();

    public DbSet<ChoiceRow> Choices => Set<ChoiceRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<NoticeRow> Notices => Set<NoticeRow>();

    public DbSet<NoticeMarkRow> NoticeMarks => Set<NoticeMarkRow>();

    public DbSet<NoticeReadRow> NoticeReads => Set<NoticeReadRow>();

    public DbSet<MailAddressRow> MailAddresses => Set<MailAddressRow>();

    public DbSet<MailRow> Mails => Set<MailRow>();

    public DbSet<ReceivedMailRow> ReceivedMails => Set<ReceivedMailRow>();

    public DbSet<WebhookRow> Webhooks => Set<WebhookRow>();

    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();

    public DbSet<SearchTokenRow> SearchTokens => Set<SearchTokenRow>();

    public DbSet<SearchMarkRow> SearchMarks => Set<SearchMarkRow>();

    public DbSet<ArticleRow> Articles => Set<ArticleRow>();

    public DbSet<ArticleVersionRow> ArticleVersions => Set<ArticleVersionRow>();

    public DbSet<ArticleActRow> ArticleActs => Set<ArticleActRow>();

    public DbSet<ArticleVoteRow> ArticleVotes => Set<ArticleVoteRow>();

    public DbSet<AnnouncementRow> Announcements => Set<AnnouncementRow>();

    public DbSet<AnnouncementVersionRow> AnnouncementVersions => Set<AnnouncementVersionRow>();

    public DbSet<CauseRow> Causes => Set<CauseRow>();

    public DbSet<TemplateRow> Templates => Set<TemplateRow>();

    public DbSet<IncidentRow> Incidents => Set<IncidentRow>();

    public DbSet<IncidentNoteRow> IncidentNotes => Set<IncidentNoteRow>();

    public DbSet<IncidentTicketRow> IncidentTickets => Set<IncidentTicketRow>();

    public DbSet<IncidentActRow> IncidentActs => Set<IncidentActRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<TicketRow>(ticket =>
        {
            ticket.ToTable("tickets").HasKey(one => one.Id);
            ticket.Property(one => one.Id).ValueGeneratedNever();
            ticket.Property(one => one.Version).IsConcurrencyToken();
            ticket.HasIndex(one => one.Number).IsUnique();
            // One a door: the establishment's page, the hotline's queues, the organism's inbox.
            ticket.HasIndex(one => new { one.Establishment, one.Id });
            ticket.HasIndex(one => new { one.Group, one.Id });
            // The kind is with it: what is open is counted every few seconds, and from the index alone.
            ticket.HasIndex(one => new { one.State, one.Id }).IncludeProperties(one => one.Kind);
            // What is due first, of a queue.
            ticket.HasIndex(one => new { one.State, one.DueAt, one.Id });
            // Of all of them, those of which a clock runs are few.
            ticket.HasIndex(one => new { one.DueAt, one.Id }).HasFilter("\"DueAt\" IS NOT NULL");
            ticket.HasIndex(one => new { one.OrganismRegime, one.Id });
            ticket.HasIndex(one => new { one.Assignee, one.Id });
            ticket.HasIndex(one => new { one.Organism, one.Id });
            // What waits is little of what is kept: a queue of a group or a regime is not looked for in all of theirs.
            ticket.HasIndex(one => new { one.Group, one.State, one.Id });
            ticket.HasIndex(one => new { one.OrganismRegime, one.State, one.Id });
            // Nearly all that a regime was ever given is of one kind: those of another are not looked for in all of it. That they are few is known by statistics of the migration.
            ticket.HasIndex(one => new { one.OrganismRegime, one.Kind, one.Id }).HasFilter("\"OrganismRegime\" IS NOT NULL");
            // Rare among a million, each by itself: a small team, what is critical, a small département, what one clerk began, a caisse's of another kind.
            ticket.HasIndex(one => new { one.Team, one.Id }).HasFilter("\"Team\" IS NOT NULL");
            ticket.HasIndex(one => new { one.Priority, one.Id });
            ticket.HasIndex(one => new { one.Department, one.Id });
            ticket.HasIndex(one => new { one.Author, one.Id });
            ticket.HasIndex(one => new { one.Organism, one.Kind, one.Id }).HasFilter("\"Organism\" IS NOT NULL");
            // Figures of some days, and what retention takes.
            ticket.HasIndex(one => one.CreatedAt);
            ticket.HasIndex(one => one.UpdatedAt);
        });
        modelBuilder.Entity<EntryRow>(entry =>
        {
            entry.ToTable("entries").HasKey(one => one.Id);
            entry.Property(one => one.Id).ValueGeneratedNever();
            entry.HasIndex(one => new { one.Ticket, one.Number }).IsUnique();
            // Whether the hotline knows somebody.
            entry.HasIndex(one => one.Actor);
        });
        modelBuilder.Entity<ClockRow>(clock =>
        {
            clock.ToTable("clocks").HasKey(one => new { one.Ticket, one.Place });
            clock.HasIndex(one => one.NextAt);
            // What is owed still: those of tickets that are long over are the most, and are not looked at.
            clock.HasIndex(one => one.Ticket).HasFilter("\"MetAt\" IS NULL");
            // Two replicas that look at the same time: one rings.
            clock.Property(one => one.Rang).IsConcurrencyToken();
        });
        modelBuilder.Entity<LinkRow>(link =>
        {
            link.ToTable("links").HasKey(one => new { one.Ticket, one.Other });
            // What goes with the other one.
            link.HasIndex(one => one.Other);
        });
        modelBuilder.Entity<LookRow>(look =>
        {
            look.ToTable("looks").HasKey(one => new { one.Ticket, one.Subject });
            look.HasIndex(one => one.At);
        });
        modelBuilder.Entity<WatcherRow>().ToTable("watchers").HasKey(one => new { one.Ticket, one.Subject });
        modelBuilder.Entity<EvidenceRow>(evidence =>
        {
            evidence.ToTable("evidence").HasKey(one => one.Id);
            evidence.Property(one => one.Id).ValueGeneratedNever();
            evidence.HasIndex(one => one.Ticket);
        });
        modelBuilder.Entity<EvidenceReadRow>(read =>
        {
            read.ToTable("evidence_reads").HasKey(one => one.Id);
            read.Property(one => one.Id).ValueGeneratedNever();
            read.HasIndex(one => one.Ticket);
        });
        modelBuilder.Entity<AttachmentRow>(attachment =>
        {
            attachment.ToTable("attachments").HasKey(one => one.Id);
            attachment.Property(one => one.Id).ValueGeneratedNever();
            attachment.HasIndex(one => one.Ticket);
        });
        modelBuilder.Entity<ErasureRow>(erasure =>
        {
            erasure.ToTable("erasures").HasKey(one => one.Id);
            erasure.Property(one => one.Id).ValueGeneratedNever();
            erasure.HasIndex(one => one.Ticket);
        });
        modelBuilder.Entity<ErasedRow>(erased =>
        {
            // Rows of two tables may have one id.
            erased.ToTable("erased").HasKey(one => new { one.Kind, one.Id });
            erased.Property(one => one.Id).ValueGeneratedNever();
            erased.HasIndex(one => one.Erasure);
        });
        modelBuilder.Entity<RulesRow>(rules =>
        {
            rules.ToTable("clock_rules").HasKey(one => one.Version);
            rules.Property(one => one.Version).ValueGeneratedNever();
        });
        modelBuilder.Entity<OrganismTableRow>().ToTable("organism_tables").HasKey(one => one.Version);
        modelBuilder.Entity<OrganismRow>().ToTable("organisms").HasKey(one => new { one.Table, one.Key });
        modelBuilder.Entity<EstablishmentRow>().ToTable("establishments").HasKey(one => one.Finess);
        modelBuilder.Entity<EstablishmentGroupRow>().ToTable("establishment_groups").HasKey(one => one.Finess);
        modelBuilder.Entity<ChoiceRow>().ToTable("sending_choices").HasKey(one => new { one.Finess, one.Number });
        modelBuilder.Entity<OutboxRow>(message =>
        {
            message.ToTable("outbox").HasKey(one => one.Id);
            message.Property(one => one.Id).ValueGeneratedNever();
        });
        modelBuilder.Entity<NoticeRow>(notice =>
        {
            notice.ToTable("notices").HasKey(one => one.Id);
            notice.Property(one => one.Id).ValueGeneratedNever();
            // Told twice, it rings once.
            notice.HasIndex(one => new { one.Message, one.Recipient }).IsUnique();
            notice.HasIndex(one => new { one.Recipient, one.Id });
            // What goes with its ticket.
            notice.HasIndex(one => one.Ticket);
        });
        modelBuilder.Entity<NoticeMarkRow>().ToTable("notice_marks").HasKey(one => one.Subject);
        modelBuilder.Entity<NoticeReadRow>().ToTable("notice_reads").HasKey(one => new { one.Notice, one.Subject });
        modelBuilder.Entity<MailAddressRow>(address =>
        {
            address.ToTable("mail_addresses").HasKey(one => one.Subject);
            address.HasIndex(one => one.Id).IsUnique();
            address.Property(one => one.Version).IsConcurrencyToken();
            address.Ignore(one => one.Answers);
        });
        modelBuilder.Entity<ReceivedMailRow>().ToTable("received_mails").HasKey(one => one.Key);
        modelBuilder.Entity<WebhookRow>(webhook =>
        {
            webhook.ToTable("webhooks").HasKey(one => one.Id);
            webhook.Property(one => one.Id).ValueGeneratedNever();
            webhook.HasIndex(one => one.Owner);
        });
        modelBuilder.Entity<DeliveryRow>(delivery =>
        {
            delivery.ToTable("webhook_deliveries").HasKey(one => one.Id);
            delivery.Property(one => one.Id).ValueGeneratedNever();
            // Told twice, it is told once.
            delivery.HasIndex(one => new { one.Message, one.Webhook }).IsUnique();
            delivery.HasIndex(one => new { one.Webhook, one.Id });
            delivery.HasIndex(one => one.DueAt).HasFilter("\"DueAt\" IS NOT NULL");
            // What goes with its ticket.
            delivery.HasIndex(one => one.Ticket);
        });
        modelBuilder.Entity<SearchTokenRow>(token =>
        {
            token.ToTable("search_tokens").HasKey(one => new { one.Token, one.Ticket });
            token.HasIndex(one => one.Ticket);
        });
        modelBuilder.Entity<SearchMarkRow>().ToTable("search_marks").HasKey(one => one.Ticket);
        modelBuilder.Entity<MailRow>(mail =>
        {
            mail.ToTable("mails").HasKey(one => one.Id);
            mail.Property(one => one.Id).ValueGeneratedNever();
            // Told twice, it is owed once.
            mail.HasIndex(one => new { one.Message, one.Recipient }).IsUnique();
            mail.HasIndex(one => one.DueAt).HasFilter("\"DueAt\" IS NOT NULL");
            mail.HasIndex(one => new { one.Ticket, one.Recipient });
        });
        // The same number twice is somebody else's change: the key refuses the second.
        modelBuilder.Entity<CauseRow>().ToTable("causes").HasKey(one => new { one.Code, one.Number });
        modelBuilder.Entity<TemplateRow>().ToTable("templates").HasKey(one => new { one.Id, one.Number });
        modelBuilder.AddKnowledge();
        modelBuilder.AddInformation();
        modelBuilder.AddIncidents();
    }
}
