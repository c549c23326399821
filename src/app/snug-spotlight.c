/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-spotlight.h"

enum
{
  PROP_SPEAKER = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A person, or the screen of one. Only compared: it may be gone already. */
typedef struct
{
  gpointer person;
  gboolean screen;
} Lead;

struct _SnugSpotlight
{
  GObject parent_instance;

  GListModel *people;
  GPtrArray *known;   /* (element-type GObject): as in the list, to tell who left */
  GPtrArray *sharers; /* borrowed: who shares a screen, the latest last */
  gpointer speaker;   /* borrowed: one of known */
  Lead pinned;
  gboolean speaker_view; /* what the person chose */
  gboolean shares_equal; /* and for the shares that there are now */

  SnugSpotlightMode mode;
  Lead lead;
};

G_DEFINE_FINAL_TYPE (SnugSpotlight, snug_spotlight, G_TYPE_OBJECT)

static gboolean
is_known (SnugSpotlight *self, gpointer person)
{
  return person != NULL && g_ptr_array_find (self->known, person, NULL);
}

static Lead
choose (SnugSpotlight *self, SnugSpotlightMode *mode)
{
  Lead nobody = { NULL, FALSE };
  gpointer before = self->lead.screen ? NULL : self->lead.person;

  *mode = SNUG_SPOTLIGHT_EQUAL;
  if (self->known->len == 1 && self->sharers->len == 0)
    {
      *mode = SNUG_SPOTLIGHT_FILL;
      return nobody;
    }

  *mode = SNUG_SPOTLIGHT_LEAD;
  if (self->pinned.person != NULL)
    return self->pinned;
  if (self->sharers->len > 0 && !self->shares_equal)
    return (Lead) { g_ptr_array_index (self->sharers, self->sharers->len - 1), TRUE };
  if (self->speaker_view && self->known->len > 1)
    {
      if (self->speaker != NULL)
        return (Lead) { self->speaker, FALSE };
      /* In a silence whoever was large stays so. */
      return (Lead) { is_known (self, before) ? before : g_ptr_array_index (self->known, 0), FALSE };
    }

  *mode = SNUG_SPOTLIGHT_EQUAL;
  return nobody;
}

static void
update (SnugSpotlight *self)
{
  SnugSpotlightMode mode;
  Lead lead = choose (self, &mode);

  if (mode == self->mode && lead.person == self->lead.person && lead.screen == self->lead.screen)
    return;
  self->mode = mode;
  self->lead = lead;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
end_share (SnugSpotlight *self, gpointer person)
{
  g_ptr_array_remove (self->sharers, person);
  if (self->pinned.person == person && self->pinned.screen)
    self->pinned.person = NULL;
  if (self->sharers->len == 0)
    self->shares_equal = FALSE;
}

static void
note_screen (SnugSpotlight *self, gpointer person)
{
  gboolean shares;

  g_object_get (person, "screen-enabled", &shares, NULL);
  if (shares && !g_ptr_array_find (self->sharers, person, NULL))
    {
      g_ptr_array_add (self->sharers, person);
      self->shares_equal = FALSE;
    }
  else if (!shares && g_ptr_array_find (self->sharers, person, NULL))
    end_share (self, person);
}

static void
on_screen (SnugSpotlight *self, GParamSpec *pspec, gpointer person)
{
  note_screen (self, person);
  update (self);
}

static void
remove_person (SnugSpotlight *self, guint position)
{
  gpointer person = g_ptr_array_index (self->known, position);

  g_signal_handlers_disconnect_by_func (person, on_screen, self);
  end_share (self, person);
  if (self->pinned.person == person)
    self->pinned.person = NULL;
  if (self->speaker == person)
    self->speaker = NULL;
  g_ptr_array_remove_index (self->known, position);
}

static void
on_people_changed (SnugSpotlight *self, guint position, guint removed, guint added, GListModel *people)
{
  for (guint i = 0; i < removed && position < self->known->len; i++)
    remove_person (self, position);
  for (guint i = 0; i < added; i++)
    {
      GObject *person = g_list_model_get_item (people, position + i);

      g_ptr_array_insert (self->known, (int) (position + i), person);
      g_signal_connect_object (person, "notify::screen-enabled", G_CALLBACK (on_screen), self, G_CONNECT_SWAPPED);
      note_screen (self, person);
    }
  update (self);
}

static void
snug_spotlight_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SPEAKER:
      g_value_set_object (value, SNUG_SPOTLIGHT (object)->speaker);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_spotlight_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugSpotlight *self = SNUG_SPOTLIGHT (object);
  gpointer speaker;

  switch (prop_id)
    {
    case PROP_SPEAKER:
      speaker = g_value_get_object (value);
      if (!is_known (self, speaker))
        speaker = NULL;
      if (speaker == self->speaker)
        return;
      self->speaker = speaker;
      update (self);
      g_object_notify_by_pspec (object, properties[PROP_SPEAKER]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_spotlight_dispose (GObject *object)
{
  snug_spotlight_set_people (SNUG_SPOTLIGHT (object), NULL);
  G_OBJECT_CLASS (snug_spotlight_parent_class)->dispose (object);
}

static void
snug_spotlight_finalize (GObject *object)
{
  SnugSpotlight *self = SNUG_SPOTLIGHT (object);

  g_ptr_array_unref (self->known);
  g_ptr_array_unref (self->sharers);
  G_OBJECT_CLASS (snug_spotlight_parent_class)->finalize (object);
}

static void
snug_spotlight_class_init (SnugSpotlightClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_spotlight_get_property;
  object_class->set_property = snug_spotlight_set_property;
  object_class->dispose = snug_spotlight_dispose;
  object_class->finalize = snug_spotlight_finalize;

  properties[PROP_SPEAKER] = g_param_spec_object ("speaker", NULL, NULL, G_TYPE_OBJECT,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED] = g_signal_new ("changed", SNUG_TYPE_SPOTLIGHT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
snug_spotlight_init (SnugSpotlight *self)
{
  self->known = g_ptr_array_new_with_free_func (g_object_unref);
  self->sharers = g_ptr_array_new ();
}

SnugSpotlight *
snug_spotlight_new (void)
{
  return g_object_new (SNUG_TYPE_SPOTLIGHT, NULL);
}

void
snug_spotlight_set_people (SnugSpotlight *self, GListModel *people)
{
  g_return_if_fail (SNUG_IS_SPOTLIGHT (self));
  g_return_if_fail (people == NULL || G_IS_LIST_MODEL (people));

  if (self->people == people)
    return;
  if (self->people != NULL)
    g_signal_handlers_disconnect_by_func (self->people, on_people_changed, self);
  while (self->known->len > 0)
    remove_person (self, self->known->len - 1);
  self->speaker_view = FALSE;
  g_set_object (&self->people, people);
  if (people != NULL)
    {
      g_signal_connect_object (people, "items-changed", G_CALLBACK (on_people_changed), self, G_CONNECT_SWAPPED);
      on_people_changed (self, 0, 0, g_list_model_get_n_items (people), people);
    }
  else
    update (self);
}

SnugSpotlightMode
snug_spotlight_get_mode (SnugSpotlight *self)
{
  g_return_val_if_fail (SNUG_IS_SPOTLIGHT (self), SNUG_SPOTLIGHT_EQUAL);
  return self->mode;
}

gpointer
snug_spotlight_get_lead (SnugSpotlight *self, gboolean *screen)
{
  g_return_val_if_fail (SNUG_IS_SPOTLIGHT (self), NULL);

  if (screen != NULL)
    *screen = self->lead.screen;
  return is_known (self, self->lead.person) ? self->lead.person : NULL;
}

void
snug_spotlight_toggle (SnugSpotlight *self)
{
  g_return_if_fail (SNUG_IS_SPOTLIGHT (self));

  if (self->mode == SNUG_SPOTLIGHT_FILL)
    return;
  self->speaker_view = self->mode == SNUG_SPOTLIGHT_EQUAL;
  self->shares_equal = !self->speaker_view && self->sharers->len > 0;
  self->pinned.person = NULL;
  update (self);
}

void
snug_spotlight_pin (SnugSpotlight *self, gpointer person, gboolean screen)
{
  g_return_if_fail (SNUG_IS_SPOTLIGHT (self));
  g_return_if_fail (person == NULL || is_known (self, person));

  if (screen && !g_ptr_array_find (self->sharers, person, NULL))
    return;
  self->pinned = (Lead) { person, screen };
  update (self);
  /* Who led already does so for another reason. */
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
snug_spotlight_is_pinned (SnugSpotlight *self, gpointer person, gboolean screen)
{
  g_return_val_if_fail (SNUG_IS_SPOTLIGHT (self), FALSE);
  return person != NULL && self->pinned.person == person && self->pinned.screen == screen;
}
