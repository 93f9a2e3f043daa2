using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Support.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class WhatTicketsHaveInCommon : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Which kinds an organism has: each column by itself says that a tenth of what it has is of a kind of which it has none, and a page of those is looked for in all tickets.
            // 500: an item is one kind of one caisse, and caisses alone are more than the usual hundred. Nobody waits for these three: tickets are read and
            // written meanwhile. Who writes a link or a delivery waits for the two indexes below, and until the migration ends.
            migrationBuilder.Sql("""
                CREATE STATISTICS "ST_tickets_Kind_Organism" (mcv) ON "Kind", "OrganismRegime", "Organism" FROM tickets;
                ALTER STATISTICS "ST_tickets_Kind_Organism" SET STATISTICS 500;
                ANALYZE tickets;
                """);

            migrationBuilder.CreateIndex(
                name: "IX_webhook_deliveries_Ticket",
                table: "webhook_deliveries",
                column: "Ticket");

            migrationBuilder.CreateIndex(
                name: "IX_links_Other",
                table: "links",
                column: "Other");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP STATISTICS \"ST_tickets_Kind_Organism\";");

            migrationBuilder.DropIndex(
                name: "IX_links_Other",
                table: "links");

            migrationBuilder.DropIndex(
                name: "IX_webhook_deliveries_Ticket",
                table: "webhook_deliveries");
        }
    }
}
