"""The arithmetic of three-way matching as one SQL query over the feeds' own tables: an oracle, and a measure of speed.

Written apart from `triage`, with nothing of it imported. It takes pairs as given (each paper line names its order
line), so that it shows what the comparison alone costs a database. To use it:

    base = sqlite3.connect(":memory:")
    base.executescript(SCHEMA)                 # then fill the tables, any number of papers by `case_id`
    base.executescript(INDEXES)                # after filling, before asking
    found = base.execute(QUERY).fetchall()     # (case_id, po_number, line_number, code)

Tables are the feeds' (purchase_orders, purchase_order_lines, goods_receipts, items), what other papers have billed
(`billed_lines`, quantities in the order's unit), the papers (documents, invoice_lines) and the policy's `tolerances`,
one row for each name; NULL is unlimited. A document names its policy, so that many papers share one. Every code here
is found per order line; numbers are SQLite's REAL, differences under a billionth of a unit of money are none.
"""

CODES = ("MATCH-PRICE", "MATCH-QUANTITY", "MATCH-NOT-RECEIVED", "MATCH-OVERBILLED")

SCHEMA = """
create table purchase_orders (case_id, po_number, supplier_id, ordered_at, currency);
create table purchase_order_lines (case_id, po_number, line_number, item_id, quantity real, unit_price real, unit);
create table items (case_id, item_id, case_pack real);
create table goods_receipts (case_id, receipt_id, po_number, line_number, quantity real);
create table billed_lines (case_id, document_id, po_number, line_number, quantity real, net_amount real);
create table documents (case_id, document_type, currency, policy);
create table invoice_lines (case_id, line, po_number, line_number, quantity real, unit, line_net_amount real);
create table tolerances (policy, name, upper_pct real, upper_amount real, lower_pct real, lower_amount real);
create table units (unit primary key, kind, size real);
insert into units values
  ('pcs', 'piece', 1), ('H87', 'piece', 1), ('EA', 'piece', 1), ('DZN', 'piece', 12),
  ('CT', 'case', 1), ('BX', 'case', 1), ('KGM', 'mass', 1), ('kg', 'mass', 1), ('GRM', 'mass', 0.001);
"""

INDEXES = """
create index of_orders on purchase_orders (case_id, po_number);
create index of_order_lines on purchase_order_lines (case_id, po_number, line_number);
create index of_items on items (case_id, item_id);
create index of_receipts on goods_receipts (case_id, po_number, line_number);
create index of_billed on billed_lines (case_id, po_number, line_number);
create index of_documents on documents (case_id);
create index of_invoice_lines on invoice_lines (case_id, po_number, line_number);
create index of_tolerances on tolerances (policy, name);
analyze;
"""


def _beyond(difference: str, expected: str, limits: str) -> str:
    """SQL that is true where a difference is over the tighter of a percentage and an amount, on its side."""
    return f"""(
      ({difference} > 0 and (   {difference} - abs({expected}) * {limits}.upper_pct / 100 > 1e-9
                             or {difference} - {limits}.upper_amount > 1e-9))
      or ({difference} <= 0 and (   -({difference}) - abs({expected}) * {limits}.lower_pct / 100 > 1e-9
                                 or -({difference}) - {limits}.lower_amount > 1e-9)))"""


QUERY = f"""
with converted as (  -- each paper line in the order's unit, as debt; no quantity where the units do not convert
  select l.case_id, l.po_number, l.line_number, o.unit_price, d.policy,
         case d.document_type when 'credit_note' then -1 else 1 end * l.line_net_amount as net,
         case d.document_type when 'credit_note' then -1 else 1 end * l.quantity
           * case when l.unit is null or o.unit is null or l.unit = o.unit then 1.0
                  when theirs.kind = ours.kind then theirs.size / ours.size
                  when theirs.kind = 'case' and ours.kind = 'piece' then i.case_pack / ours.size
                  when theirs.kind = 'piece' and ours.kind = 'case' then theirs.size / i.case_pack
             end as quantity
  from invoice_lines l
  join documents d on d.case_id = l.case_id
  join purchase_order_lines o
    on o.case_id = l.case_id and o.po_number = l.po_number and o.line_number = l.line_number
  left join items i on i.case_id = o.case_id and i.item_id = o.item_id
  left join units theirs on theirs.unit = l.unit
  left join units ours on ours.unit = o.unit
),
billed_now as (
  select case_id, po_number, line_number, count(*) as lines,
         case when count(quantity) = count(*) then sum(quantity) end as quantity, sum(net) as net
  from converted group by case_id, po_number, line_number
),
figures as (  -- one row for each order line a paper bills
  select n.case_id, n.po_number, n.line_number, n.lines, n.quantity, n.net,
         o.quantity as ordered, o.unit_price, po.currency = d.currency as one_currency,
         d.document_type <> 'credit_note' and n.quantity > 0 as bills, d.policy,
         (select count(*) from goods_receipts r
           where r.case_id = n.case_id and r.po_number = n.po_number and r.line_number = n.line_number) as receipts,
         (select total(r.quantity) from goods_receipts r
           where r.case_id = n.case_id and r.po_number = n.po_number and r.line_number = n.line_number) as received,
         (select total(b.quantity) from billed_lines b
           where b.case_id = n.case_id and b.po_number = n.po_number and b.line_number = n.line_number) as before,
         (select max(total(case when b.net_amount < 0 or b.net_amount > b.quantity * o.unit_price
                                then b.net_amount - b.quantity * o.unit_price end), 0) from billed_lines b
           where b.case_id = n.case_id and b.po_number = n.po_number and b.line_number = n.line_number) as before_over,
         (select total(min(b.net_amount - b.quantity * o.unit_price, 0)) from billed_lines b
           where b.case_id = n.case_id and b.po_number = n.po_number and b.line_number = n.line_number) as before_under
  from billed_now n
  join documents d on d.case_id = n.case_id
  join purchase_orders po on po.case_id = n.case_id and po.po_number = n.po_number
  join purchase_order_lines o
    on o.case_id = n.case_id and o.po_number = n.po_number and o.line_number = n.line_number
),
prices as (  -- differences of value: now, and what papers before it left on the same side
  select *, net - quantity * unit_price as now,
         case when net - quantity * unit_price > 1e-9 then before_over
              when net - quantity * unit_price < -1e-9 then before_under else 0 end as earlier
  from figures where one_currency and quantity is not null
),
growing as (
  select *, now + earlier as together, abs(earlier) > 1e-9 as grows from prices
)
select g.case_id, g.po_number, g.line_number, 'MATCH-PRICE' as code
from growing g join tolerances t on t.policy = g.policy and t.name = 'price_total'
where (abs(now) - 0.005 * lines > 1e-9 and {_beyond("now", "quantity * unit_price", "t")})
   or (grows and abs(together) - 0.005 * lines > 1e-9
       and {_beyond("together", "(quantity + before) * unit_price", "t")})
union
select g.case_id, g.po_number, g.line_number, 'MATCH-PRICE'
from growing g join tolerances t on t.policy = g.policy and t.name = 'price_unit'
where grows and abs(together) - 0.005 * lines > 1e-9 and abs(quantity + before) > 1e-9
  and {_beyond("(together / abs(quantity + before))", "unit_price", "t")}
union
select c.case_id, c.po_number, c.line_number, 'MATCH-PRICE'
from converted c
join growing g on g.case_id = c.case_id and g.po_number = c.po_number and g.line_number = c.line_number
join tolerances t on t.policy = c.policy and t.name = 'price_unit'
where c.quantity <> 0 and abs(c.net - c.quantity * c.unit_price) - 0.005 > 1e-9
  and {_beyond("((c.net - c.quantity * c.unit_price) / abs(c.quantity))", "c.unit_price", "t")}
union
select f.case_id, f.po_number, f.line_number, 'MATCH-QUANTITY'
from figures f join tolerances t on t.policy = f.policy and t.name = 'quantity'
where bills and receipts > 0
  and {
    _beyond(
        "(unit_price * (quantity + max(before, 0) - received))", "(unit_price * max(received - max(before, 0), 0))", "t"
    )
}
union
select f.case_id, f.po_number, f.line_number, 'MATCH-NOT-RECEIVED'
from figures f join tolerances t on t.policy = f.policy and t.name = 'not_received'
where bills and receipts = 0
  and {_beyond("(unit_price * (quantity + max(before, 0)))", "(unit_price * ordered)", "t")}
union
select f.case_id, f.po_number, f.line_number, 'MATCH-OVERBILLED'
from figures f join tolerances t on t.policy = f.policy and t.name = 'overbilled'
where bills
  and {_beyond("(unit_price * (quantity + max(before, 0) - ordered))", "(unit_price * ordered)", "t")}
"""
